// Part of the binding: TensorFlow 2.21 logs two lines as its library is loaded, before it reads
// TF_CPP_MIN_LOG_LEVEL itself. The binding is linked with `-z initfirst`, so this runs even before that.
// The symbol is weak: a library without it logs, and nothing else changes.
#include <cstdlib>

namespace absl {
inline namespace lts_20250814 {
enum class LogSeverityAtLeast : int;
namespace log_internal {
__attribute__((weak)) void RawSetMinLogLevel(LogSeverityAtLeast severity);
}
}  // namespace lts_20250814
}  // namespace absl

__attribute__((constructor)) static void QuietFromTheStart() {
  const char* level = std::getenv("TF_CPP_MIN_LOG_LEVEL");
  if (level != nullptr && absl::log_internal::RawSetMinLogLevel != nullptr)
    absl::log_internal::RawSetMinLogLevel(static_cast<absl::LogSeverityAtLeast>(std::atoi(level)));
}
