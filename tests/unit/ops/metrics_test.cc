#include "ops/metrics.h"

#include <gmock/gmock.h>

namespace minqing::ops {
namespace {

using testing::Contains;
using testing::HasSubstr;
using testing::Not;
using testing::Pair;

TEST(MetricsTest, ShowsCountersAndGaugesAsTextAndAsAMap) {
  Metrics metrics;
  metrics.counter({"minqing_frames_total", "Frames"}, {{"lane", "urgent"}}).add(3);
  metrics.gauge({"minqing_sessions", "Sessions"}).set(7.5);

  EXPECT_THAT(metrics.text(), HasSubstr("# TYPE minqing_frames_total counter"));
  EXPECT_THAT(metrics.text(), HasSubstr("minqing_frames_total{lane=\"urgent\"} 3"));
  EXPECT_THAT(metrics.snapshot(), Contains(Pair("minqing_frames_total{lane=\"urgent\"}", 3)));
  EXPECT_THAT(metrics.snapshot(), Contains(Pair("minqing_sessions", 7.5)));
}

TEST(MetricsTest, TheSameNameAndLabelsAreTheSameSeries) {
  Metrics metrics;
  metrics.counter({"minqing_x_total", "X"}, {{"a", "1"}}).add();
  metrics.counter({"minqing_x_total", "X"}, {{"a", "1"}}).add();
  metrics.counter({"minqing_x_total", "X"}, {{"a", "2"}}).add();
  EXPECT_EQ(metrics.counter({"minqing_x_total", "X"}, {{"a", "1"}}).value(), 2);
  EXPECT_EQ(metrics.counter({"minqing_x_total", "X"}, {{"a", "2"}}).value(), 1);
}

TEST(MetricsTest, RaiseToFollowsATotalAndNeverGoesBack) {
  Metrics metrics;
  Counter counter = metrics.counter({"minqing_x_total", "X"});
  counter.raise_to(10);
  counter.raise_to(4);
  EXPECT_EQ(counter.value(), 10);
  counter.raise_to(11);
  EXPECT_EQ(counter.value(), 11);
}

TEST(MetricsTest, EstimatesQuantilesWithinABucket) {
  Metrics metrics;
  Histogram histogram = metrics.histogram({"minqing_fsync_seconds", "Fsync"}, {1, 2, 4});
  EXPECT_EQ(histogram.quantile(0.5), 0);
  for (int i = 0; i < 90; ++i) histogram.observe(0.5);
  for (int i = 0; i < 10; ++i) histogram.observe(3);
  EXPECT_NEAR(histogram.quantile(0.45), 0.5, 1e-9);
  EXPECT_NEAR(histogram.quantile(0.95), 3.0, 1e-9);
  for (int i = 0; i < 1'000; ++i) histogram.observe(100);  // above all bounds
  EXPECT_EQ(histogram.quantile(0.99), 4);

  const auto snapshot = metrics.snapshot();
  EXPECT_EQ(snapshot.at("minqing_fsync_seconds_count"), 1'100);
  EXPECT_NEAR(snapshot.at("minqing_fsync_seconds_sum"), 45 + 30 + 100'000, 1e-6);
  EXPECT_EQ(snapshot.at("minqing_fsync_seconds_p99"), 4);
}

TEST(MetricsTest, RefusesSeriesAboveTheLimitAndSaysSo) {
  Metrics metrics;
  for (std::size_t i = 0; i < kSeriesMax; ++i) {
    metrics.counter({"minqing_x_total", "X"}, {{"id", std::to_string(i)}}).add();
  }
  Counter refused = metrics.counter({"minqing_x_total", "X"}, {{"id", "one too many"}});
  refused.add(5);
  EXPECT_EQ(refused.value(), 0);
  EXPECT_EQ(metrics.counter({"minqing_x_total", "X"}, {{"id", "0"}}).value(), 1);
  EXPECT_THAT(metrics.snapshot(), Contains(Pair("minqing_metrics_refused", 1)));
}

TEST(MetricsDeathTest, AWrongNameOrASecondTypeIsABug) {
  Metrics metrics;
  EXPECT_DEATH(metrics.counter({"minqing frames", "X"}), "CHECK failed");
  EXPECT_DEATH(metrics.counter({"minqing_x", "X"}, {{"bad-label", "1"}}), "CHECK failed");
  metrics.gauge({"minqing_g", "G"});
  EXPECT_DEATH(metrics.counter({"minqing_g", "G"}), "CHECK failed");
}

TEST(DurationBoundsTest, RiseStrictly) {
  const auto& bounds = duration_bounds();
  for (std::size_t i = 1; i < bounds.size(); ++i) EXPECT_LT(bounds[i - 1], bounds[i]);
}

}  // namespace
}  // namespace minqing::ops
