// SPDX-License-Identifier: MIT
#include "shared/resp/request_parser.h"

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <functional>
#include <iterator>
#include <string>

#include "shared/resp/fast_scan.h"
#include "shared/util/numbers.h"
#include "shared/util/text.h"
#include "shared/util/todo.h"

namespace resp {

void Batch::clear() {
  constexpr size_t kKeptArguments =
      64 * 1024;  // one request of a million must not be paid for ever after
  arguments_.clear();
  if (arguments_.capacity() > kKeptArguments) arguments_.shrink_to_fit();
  requests_.clear();
  large_.clear();
  unescaped_.reset();
}

util::Blob Batch::take(std::string_view argument) {
  for (util::Blob& blob : large_) {
    if (blob && blob.view().data() == argument.data()) return std::move(blob);
  }
  return {};
}

void RequestParser::reset() { unfinished_.reset(); }

RequestParser::Step RequestParser::fail(std::string_view message) {
  error_ = message;
  return Step::Failed;
}

std::span<char> RequestParser::large_window() {
  return unfinished_ ? unfinished_->filling.window() : std::span<char>{};
}

void RequestParser::large_filled(size_t count) {
  unfinished_->filling.filled(count);
  examined_ += count;
}

size_t RequestParser::memory_size() const {
  if (!unfinished_) return 0;
  size_t total = sizeof(Unfinished) + unfinished_->arguments.capacity() * sizeof(Slice) +
                 unfinished_->filling.memory_size();
  for (const util::Blob& blob : unfinished_->large) total += blob.memory_size();
  return total;
}

size_t RequestParser::argument_bytes() const {
  size_t total = 0;
  if (unfinished_) {
    for (const Slice& argument : unfinished_->arguments) total += argument.length;
  }
  return total;
}

void RequestParser::begin_request(size_t start, const Batch& batch) {
  start_ = position_ = start;
  searched_ = 0;
  remaining_ = bulk_length_ = kUnknown;
  first_argument_ = batch.arguments_.size();
  first_large_ = batch.large_.size();
}

RequestParser::Status RequestParser::parse(std::string_view input, Batch& batch,
                                           size_t max_requests) {
  input_ = input;
  begin_request(0, batch);
  keep_end_ = input_.size();
  if (unfinished_) resume();
  while (position_ < input_.size() || unfinished_) {
    if (batch.requests_.size() >= max_requests) return Status::BatchFull;
    const Step step = parse_one(batch);
    if (step == Step::Incomplete) {
      suspend(batch);
      keep_large(batch);
      if (unfinished_->filling.active()) keep_end_ = position_;
      return Status::NeedInput;
    }
    if (step == Step::Complete && unfinished_) restore_arguments(batch);
    unfinished_.reset();
    if (step == Step::Failed) {
      batch.arguments_.resize(first_argument_);
      return Status::Error;
    }
    batch.requests_.push_back(
        {first_argument_, batch.arguments_.size() - first_argument_, position_});
    begin_request(position_, batch);
  }
  return Status::NeedInput;
}

RequestParser::Step RequestParser::parse_one(Batch& batch) {
#if WORKSHOP_FAST_PATHS
  if (position_ == start_ && limits_->authenticated) {
    if (const size_t length = fast_scan(input_.substr(start_), batch.arguments_)) {
      examined_ += length;
      position_ += length;
      return Step::Complete;
    }
  }
#endif
  return input_[start_] == '*' ? parse_array(batch) : parse_inline(batch);
}

// The line from position_ up to `end` ('\n', or '\r' with the byte behind it). position_ moves
// behind it; Incomplete leaves it where it was and searched_ says how many bytes from there hold no
// end.
RequestParser::Step RequestParser::find_line(char end, std::string_view too_long,
                                             std::string_view& line) {
  const size_t end_length = end == '\r' ? 2 : 1;
  // [02.3a begin] look for the end only where nobody has looked yet
  //stub: const size_t from = position_;  // the whole line, again and again
  const size_t from = position_ + searched_;
  // [02.3a end]
  const std::string_view unseen = input_.substr(from);
  const size_t found = unseen.find(end);
  if (found == std::string_view::npos || found + end_length > unseen.size()) {
    const size_t clean = std::min(found, unseen.size());
    examined_ += clean;
    searched_ = from + clean - position_;
    // [02.4a begin] a line that never ends is not kept for ever
    //stub: // as long as it likes
    if (searched_ > limits_->max_line_length) return fail(too_long);
    // [02.4a end]
    return Step::Incomplete;
  }
  examined_ += found + end_length;
  line = input_.substr(position_, from + found - position_);
  position_ = from + found + end_length;
  searched_ = 0;
  return Step::Complete;
}

// `GET name\r\n`: appends the words of one line. Refuses with "Protocol error: too big inline
// request" (no end in sight) and "Protocol error: unbalanced quotes in request".
RequestParser::Step RequestParser::parse_inline(Batch& batch) {
  // [02.1a begin] find the line, split it into words
  std::string_view line;
  const Step step = find_line('\n', "Protocol error: too big inline request", line);
  if (step != Step::Complete) return step;
  if (line.ends_with('\r')) line.remove_suffix(1);
  if (!split_words(line, batch)) return fail("Protocol error: unbalanced quotes in request");
  return Step::Complete;
  // [02.1a end]
}

// Appends the words of `line`: views into it, or unescaped copies where there are quotes. False: a
// quote stays open.
bool RequestParser::split_words(std::string_view line, Batch& batch) {
  if (line.find_first_of(std::string_view("\"'\0\v\f", 5)) != std::string_view::npos) {
    const auto words = util::split_words(line);
    if (!words) return false;
    for (const std::string& word : *words) batch.arguments_.push_back(batch.unescaped_.copy(word));
    return true;
  }
  constexpr std::string_view kSpace = " \t\r\n";
  // [02.1b begin] append each word to batch.arguments_
  for (size_t at = 0; (at = line.find_first_not_of(kSpace, at)) != std::string_view::npos;) {
    const size_t end = std::min(line.find_first_of(kSpace, at), line.size());
    batch.arguments_.push_back(line.substr(at, end - at));
    at = end;
  }
  // [02.1b end]
  return true;
}

RequestParser::Step RequestParser::parse_array(Batch& batch) {
  if (remaining_ == kUnknown) {
    if (const Step step = parse_header(); step != Step::Complete) return step;
  }
  if (unfinished_ && unfinished_->filling.active()) {
    if (const Step step = finish_large_argument(batch); step != Step::Complete) return step;
  }
  // [02.2a begin] argument after argument, until none remains
  while (remaining_ > 0) {
    if (const Step step = parse_bulk(batch); step != Step::Complete) return step;
    --remaining_;
  }
  return Step::Complete;
  // [02.2a end]
}

// `*3\r\n`: sets remaining_. A count of zero or less is an empty request.
RequestParser::Step RequestParser::parse_header() {
  std::string_view line;
  const Step step = find_line('\r', "Protocol error: too big mbulk count string", line);
  if (step != Step::Complete) return step;
  int64_t count = 0;
  if (!read_length(line.substr(1), INT64_MIN, limits_->max_multibulk_count, count)) {
    return fail("Protocol error: invalid multibulk length");
  }
  if (count > 10 && !limits_->authenticated)
    return fail("Protocol error: unauthenticated multibulk length");
  remaining_ = std::max<int64_t>(count, 0);
  return Step::Complete;
}

// `$5\r\n`: sets bulk_length_. Refuses with "Protocol error: too big bulk count string",
// fail_not_bulk() and "Protocol error: invalid bulk length".
RequestParser::Step RequestParser::parse_bulk_length() {
  // [02.2b begin] the line before an argument: '$' and its length
  std::string_view line;
  const Step step = find_line('\r', "Protocol error: too big bulk count string", line);
  if (step != Step::Complete) return step;
  if (!line.starts_with('$')) return fail_not_bulk(*line.data());
  if (!read_length(line.substr(1), 0, limits_->max_bulk_length, bulk_length_)) {
    return fail("Protocol error: invalid bulk length");
  }
  return Step::Complete;
  // [02.2b end]
}

// `$5\r\nhello\r\n`: appends the five bytes. The two behind them are skipped unread, as in Redis.
RequestParser::Step RequestParser::parse_bulk(Batch& batch) {
  if (bulk_length_ == kUnknown) {
    if (const Step step = parse_bulk_length(); step != Step::Complete) return step;
    if (bulk_length_ > 16384 && !limits_->authenticated) {
      return fail("Protocol error: unauthenticated bulk length");
    }
  }
  const auto length = static_cast<size_t>(bulk_length_);
  // [02.2c begin] so many bytes and a line end, when they are all here
  if (input_.size() - position_ < length + 2) return bulk_incomplete(length);
  batch.arguments_.push_back(input_.substr(position_, length));
  position_ += length + 2;
  bulk_length_ = kUnknown;
  return Step::Complete;
  // [02.2c end]
}

// The number in `digits`, from `lowest` to `highest`. False: it is none, or out of that range;
// `length` keeps its value.
bool RequestParser::read_length(std::string_view digits, int64_t lowest, int64_t highest,
                                int64_t& length) {
  // [02.4b begin] believe no length before it is checked
  //stub: length = std::strtoll(std::string(digits).c_str(), nullptr, 10);  // "+4", "4x", "": fine
  //stub: if (length < lowest || length > highest) todo("02.4");
  //stub: return true;
  const std::optional<int64_t> number = util::parse_int64(digits);
  if (!number || *number < lowest || *number > highest) return false;
  length = *number;
  return true;
  // [02.4b end]
}

// The bytes of an argument have not all arrived: a large one gets a place of its own to be received
// in.
RequestParser::Step RequestParser::bulk_incomplete([[maybe_unused]] size_t length) {
#if WORKSHOP_FAST_PATHS
  if (length >= kLargeArgument) {
    if (!unfinished_) unfinished_ = std::make_unique<Unfinished>();
    unfinished_->filling.begin(length, input_.substr(position_));
  }
#endif
  return Step::Incomplete;
}

RequestParser::Step RequestParser::finish_large_argument(Batch& batch) {
  if (!unfinished_->filling.complete()) return Step::Incomplete;
  batch.large_.push_back(unfinished_->filling.finish());
  batch.arguments_.push_back(batch.large_.back().view());
  bulk_length_ = kUnknown;
  --remaining_;
  return Step::Complete;
}

// An argument begins with `found`: "Protocol error: expected '$', got ':'". error_text_ holds the
// text.
RequestParser::Step RequestParser::fail_not_bulk(char found) {
  // [02.4c begin] say what came instead
  //stub: return fail("Protocol error");
  std::snprintf(error_text_, sizeof error_text_, "Protocol error: expected '$', got '%c'", found);
  return fail(error_text_);
  // [02.4c end]
}

RequestParser::Slice RequestParser::to_slice(std::string_view argument) const {
  const std::less_equal<const char*> before;
  const bool in_input = before(input_.data(), argument.data()) &&
                        before(argument.data(), input_.data() + input_.size());
  if (!in_input) return {0, argument.size(), argument.data()};
  return {static_cast<size_t>(argument.data() - (input_.data() + start_)), argument.size(),
          nullptr};
}

std::string_view RequestParser::to_view(const Slice& slice) const {
  if (slice.fixed != nullptr) return {slice.fixed, slice.length};
  return input_.substr(start_ + slice.offset, slice.length);
}

// The request at start_ is not complete: what is known of it goes into `kept`, and its arguments
// leave the batch, since the caller may move the bytes before the next parse().
void RequestParser::suspend(Batch& batch) {
  if (!unfinished_) unfinished_ = std::make_unique<Unfinished>();
  Unfinished& kept = *unfinished_;
  // [02.3b begin] keep what is known of the request, its arguments as offsets
  //stub: // kept.arguments may hold some of earlier reads: append, with to_slice
  //stub: todo("02.3");
  kept.position = position_ - start_;
  kept.searched = searched_;
  kept.remaining = remaining_;
  kept.bulk_length = bulk_length_;
  for (size_t i = first_argument_; i < batch.arguments_.size(); ++i) {
    kept.arguments.push_back(to_slice(batch.arguments_[i]));
  }
  batch.arguments_.resize(first_argument_);
  // [02.3b end]
}

// The opposite: input_ begins with the unfinished request (start_ is 0), perhaps at another
// address. The arguments in `kept` stay there until the request is complete: restore_arguments().
void RequestParser::resume() {
  const Unfinished& kept = *unfinished_;
  // [02.3c begin] go on where we stopped
  position_ = kept.position;
  searched_ = kept.searched;
  remaining_ = kept.remaining;
  bulk_length_ = kept.bulk_length;
  // [02.3c end]
}

// Large arguments of the unfinished request stay with the parser, where they don't move.
void RequestParser::keep_large(Batch& batch) {
  std::move(batch.large_.begin() + static_cast<ptrdiff_t>(first_large_), batch.large_.end(),
            std::back_inserter(unfinished_->large));
  batch.large_.resize(first_large_);
}

// The request is complete: what earlier calls found of it goes before what this one found. Only
// now, so that a request of many arguments that trickles in costs each argument once.
void RequestParser::restore_arguments(Batch& batch) {
  const std::vector<Slice>& kept = unfinished_->arguments;
  const auto first = batch.arguments_.begin() + static_cast<ptrdiff_t>(first_argument_);
  const auto to = batch.arguments_.insert(first, kept.size(), {});
  std::transform(kept.begin(), kept.end(), to,
                 [this](const Slice& slice) { return to_view(slice); });
  for (util::Blob& blob : unfinished_->large) batch.large_.push_back(std::move(blob));
}

}  // namespace resp
