// Metrics: counters, gauges and histograms by name and labels; Prometheus text and a plain map.
//
// Owned and updated by the daemon's thread, which publishes the text (status_server.h); the handles
// may also be used from other threads. Handles live as long as their Metrics.
// Limit: kSeriesMax series; a further one counts nothing, and `minqing_metrics_refused` says so.
// Label values must come from a small set (lanes, nodes, reasons), never from ids or content.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace prometheus {
class Counter;
class Gauge;
class Histogram;
}  // namespace prometheus

namespace minqing::ops {

inline constexpr std::size_t kSeriesMax = 20'000;

using MetricLabels = std::map<std::string, std::string>;

struct MetricName {
  std::string name;  // "minqing_frames_received_total"; units last: _bytes, _seconds
  std::string help;
};

/// Only goes up.
class Counter {
 public:
  Counter() = default;  // counts nothing
  explicit Counter(prometheus::Counter* impl) : impl_{impl} {}
  void add(std::uint64_t n = 1);
  /// Raises the counter to `total`, the sum that a brain keeps itself; never lowers it.
  void raise_to(std::uint64_t total);
  double value() const;

 private:
  prometheus::Counter* impl_ = nullptr;
};

class Gauge {
 public:
  Gauge() = default;
  explicit Gauge(prometheus::Gauge* impl) : impl_{impl} {}
  void set(double value);
  double value() const;

 private:
  prometheus::Gauge* impl_ = nullptr;
};

class Histogram {
 public:
  Histogram() = default;
  explicit Histogram(prometheus::Histogram* impl) : impl_{impl} {}
  void observe(double value);
  /// Estimate of the q-quantile, 0 < q < 1, linear within a bucket; 0 when nothing was observed,
  /// the highest bound when it lies above all of them.
  double quantile(double q) const;

 private:
  prometheus::Histogram* impl_ = nullptr;
};

/// Bounds for durations in seconds: 100 us to 60 s.
const std::vector<double>& duration_bounds();

class Metrics {
 public:
  Metrics();
  ~Metrics();
  Metrics(const Metrics&) = delete;
  Metrics& operator=(const Metrics&) = delete;

  /// The series of this name and these labels, made at the first call. A look-up costs a hash of
  /// the labels: keep the handle where it is used often. CHECKs that names and label names are
  /// valid and that one name has one type.
  Counter counter(const MetricName& name, const MetricLabels& labels = {});
  Gauge gauge(const MetricName& name, const MetricLabels& labels = {});
  Histogram histogram(const MetricName& name,
                      const std::vector<double>& bounds,
                      const MetricLabels& labels = {});

  /// Prometheus text format 0.0.4.
  std::string text() const;

  /// `name` or `name{label="value",...}` -> value, in order of name; of a histogram its _count,
  /// _sum, _p50 and _p99.
  std::map<std::string, double> snapshot() const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace minqing::ops
