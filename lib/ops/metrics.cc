#include "ops/metrics.h"

#include <algorithm>
#include <cctype>
#include <limits>
#include <sstream>
#include <string_view>

#include <prometheus/counter.h>
#include <prometheus/family.h>
#include <prometheus/gauge.h>
#include <prometheus/histogram.h>
#include <prometheus/registry.h>
#include <prometheus/text_serializer.h>

#include "core/check.h"

namespace minqing::ops {
namespace {

using prometheus::ClientMetric;
using prometheus::MetricFamily;
using prometheus::MetricType;

bool is_valid_name(std::string_view name) {
  const auto fits = [](char c) {
    return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_' || c == ':';
  };
  return !name.empty() && std::isdigit(static_cast<unsigned char>(name.front())) == 0 &&
         std::all_of(name.begin(), name.end(), fits);
}

std::string series_key(const std::string& name, const ClientMetric& metric) {
  if (metric.label.empty()) return name;
  std::string key = name + "{";
  for (const auto& label : metric.label) {
    if (key.back() != '{') key += ',';
    key += label.name + "=\"" + label.value + "\"";
  }
  return key + "}";
}

double quantile_of(const ClientMetric::Histogram& histogram, double q) {
  if (histogram.sample_count == 0) return 0;
  const double rank = q * static_cast<double>(histogram.sample_count);
  double below_bound = 0;
  double below_count = 0;
  for (const ClientMetric::Bucket& bucket : histogram.bucket) {
    const auto count = static_cast<double>(bucket.cumulative_count);
    if (count >= rank) {
      const bool is_last = bucket.upper_bound == std::numeric_limits<double>::infinity();
      if (is_last || count <= below_count) return below_bound;
      const double part = (rank - below_count) / (count - below_count);
      return below_bound + part * (bucket.upper_bound - below_bound);
    }
    below_bound = bucket.upper_bound;
    below_count = count;
  }
  return below_bound;
}

void add_values(const MetricFamily& family,
                const ClientMetric& metric,
                std::map<std::string, double>& out) {
  switch (family.type) {
    case MetricType::Counter: out[series_key(family.name, metric)] = metric.counter.value; return;
    case MetricType::Gauge: out[series_key(family.name, metric)] = metric.gauge.value; return;
    case MetricType::Histogram: {
      const auto& histogram = metric.histogram;
      out[series_key(family.name + "_count", metric)] = static_cast<double>(histogram.sample_count);
      out[series_key(family.name + "_sum", metric)] = histogram.sample_sum;
      out[series_key(family.name + "_p50", metric)] = quantile_of(histogram, 0.50);
      out[series_key(family.name + "_p99", metric)] = quantile_of(histogram, 0.99);
      return;
    }
    case MetricType::Summary:
    case MetricType::Untyped: return;  // never made here
  }
}

}  // namespace

void Counter::add(std::uint64_t n) {
  if (impl_ != nullptr) impl_->Increment(static_cast<double>(n));
}

void Counter::raise_to(std::uint64_t total) {
  if (impl_ == nullptr) return;
  const double missing = static_cast<double>(total) - impl_->Value();
  if (missing > 0) impl_->Increment(missing);
}

double Counter::value() const {
  return impl_ == nullptr ? 0 : impl_->Value();
}

void Gauge::set(double value) {
  if (impl_ != nullptr) impl_->Set(value);
}

double Gauge::value() const {
  return impl_ == nullptr ? 0 : impl_->Value();
}

void Histogram::observe(double value) {
  if (impl_ != nullptr) impl_->Observe(value);
}

double Histogram::quantile(double q) const {
  CHECK(q > 0 && q < 1);
  return impl_ == nullptr ? 0 : quantile_of(impl_->Collect().histogram, q);
}

const std::vector<double>& duration_bounds() {
  static const std::vector<double> bounds{0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005,
                                          0.01,   0.025,   0.05,   0.1,   0.25,   0.5,
                                          1,      2.5,     5,      10,    30,     60};
  return bounds;
}

struct Metrics::Impl {
  prometheus::Registry registry;
  std::size_t series = 0;
  prometheus::Gauge* refused = nullptr;
  // The registry's own look-up walks all families; these find a family by its name.
  std::map<std::string, prometheus::Family<prometheus::Counter>*> counters;
  std::map<std::string, prometheus::Family<prometheus::Gauge>*> gauges;
  std::map<std::string, prometheus::Family<prometheus::Histogram>*> histograms;

  template <class Families, class Builder>
  auto& family_of(Families& families, Builder (*build)(), const MetricName& name) {
    const auto found = families.find(name.name);
    if (found != families.end()) return *found->second;
    CHECK(is_valid_name(name.name));
    CHECK(!counters.contains(name.name) && !gauges.contains(name.name) &&
          !histograms.contains(name.name));
    auto& family = build().Name(name.name).Help(name.help).Register(registry);
    families.emplace(name.name, &family);
    return family;
  }

  /// True when the series exists or there is room for it (which is then taken).
  template <class Family>
  bool admit(const Family& family, const MetricLabels& labels) {
    if (family.Has({labels.begin(), labels.end()})) return true;
    for (const auto& [label, value] : labels) CHECK(is_valid_name(label));
    if (series >= kSeriesMax) {
      refused->Increment();
      return false;
    }
    ++series;
    return true;
  }
};

Metrics::Metrics() : impl_{std::make_unique<Impl>()} {
  const MetricName name{"minqing_metrics_refused", "Series refused because there are too many"};
  auto& family = impl_->family_of(impl_->gauges, &prometheus::BuildGauge, name);
  impl_->refused = &family.Add({});
}

Metrics::~Metrics() = default;

Counter Metrics::counter(const MetricName& name, const MetricLabels& labels) {
  auto& family = impl_->family_of(impl_->counters, &prometheus::BuildCounter, name);
  if (!impl_->admit(family, labels)) return Counter{};
  return Counter{&family.Add({labels.begin(), labels.end()})};
}

Gauge Metrics::gauge(const MetricName& name, const MetricLabels& labels) {
  auto& family = impl_->family_of(impl_->gauges, &prometheus::BuildGauge, name);
  if (!impl_->admit(family, labels)) return Gauge{};
  return Gauge{&family.Add({labels.begin(), labels.end()})};
}

Histogram Metrics::histogram(const MetricName& name,
                             const std::vector<double>& bounds,
                             const MetricLabels& labels) {
  CHECK(!bounds.empty() && std::is_sorted(bounds.begin(), bounds.end()));
  auto& family = impl_->family_of(impl_->histograms, &prometheus::BuildHistogram, name);
  if (!impl_->admit(family, labels)) return Histogram{};
  return Histogram{&family.Add({labels.begin(), labels.end()}, bounds)};
}

std::string Metrics::text() const {
  std::ostringstream out;
  prometheus::TextSerializer{}.Serialize(out, impl_->registry.Collect());
  return out.str();
}

std::map<std::string, double> Metrics::snapshot() const {
  std::map<std::string, double> out;
  for (const MetricFamily& family : impl_->registry.Collect()) {
    for (const ClientMetric& metric : family.metric) add_values(family, metric, out);
  }
  return out;
}

}  // namespace minqing::ops
