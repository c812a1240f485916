// SPDX-License-Identifier: MIT
//
// Formats replies straight into an output buffer and hides the difference between RESP2 and RESP3:
// a command says map, and RESP2 clients get an array of twice the length. Holds no reply; what was
// called is what goes out. Owned by a client; one thread. Source: the RESP2 and RESP3
// specifications.
#pragma once

#include <cstdint>
#include <string_view>

#include "shared/resp/output_buffer.h"
#include "shared/util/error.h"

namespace resp {

// Hears of every error that is answered; counts them by kind.
class ErrorListener {
 public:
  virtual ~ErrorListener() = default;
  virtual void on_error(std::string_view text) = 0;
};

class ReplyWriter {
 public:
  explicit ReplyWriter(OutputBuffer& out) : out_(&out) {}

  int protocol() const { return protocol_; }
  void set_protocol(int version) { protocol_ = version; }
  void redirect(OutputBuffer& out) { out_ = &out; }
  void report_errors_to(ErrorListener& listener) { listener_ = &listener; }
  OutputBuffer& output() { return *out_; }

  void ok() { out_->append("+OK\r\n"); }
  void simple(std::string_view text);
  void error(util::Error error) { this->error(error.text); }
  // `text` begins with its code ("ERR …"); line ends in it are replaced by spaces.
  void error(std::string_view text);
  void integer(int64_t value);
  void boolean(bool value);   // RESP2: 1 or 0
  void number(double value);  // shortest digits; RESP2: a bulk
  void big_number(std::string_view digits);
  void null();  // RESP2: a null bulk
  void null_array();
  void bulk(std::string_view text);
  void bulk(const util::Blob& blob);
  void bulk_integer(int64_t value);
  // `format` has three letters ("txt"); RESP2: a bulk.
  void verbatim(std::string_view format, std::string_view text);
  void array(size_t count) { header('*', count); }
  void map(size_t pairs) { protocol_ >= 3 ? header('%', pairs) : header('*', 2 * pairs); }
  void set(size_t count) { header(protocol_ >= 3 ? '~' : '*', count); }
  void attribute(size_t pairs) { header('|', pairs); }  // before a reply; RESP3 only
  void push(size_t count) { header(protocol_ >= 3 ? '>' : '*', count); }

  // An array (or set, or map) whose count is known only at the end; close it exactly once, inner
  // before outer.
  class Deferred {
   public:
    void close(size_t count);

   private:
    friend class ReplyWriter;
    Deferred(OutputBuffer& out, char mark, unsigned factor)
        : out_(&out), hole_(out.open_hole()), mark_(mark), factor_(factor) {}
    OutputBuffer* out_;
    OutputBuffer::Hole hole_;
    char mark_;
    unsigned factor_;
  };
  Deferred open_array() { return {*out_, '*', 1}; }
  Deferred open_set() { return {*out_, protocol_ >= 3 ? '~' : '*', 1}; }
  Deferred open_map() { return protocol_ >= 3 ? Deferred{*out_, '%', 1} : Deferred{*out_, '*', 2}; }

  uint64_t errors() const { return errors_; }  // how many error replies were written, ever

 private:
  void header(char mark, size_t count);

  OutputBuffer* out_;
  ErrorListener* listener_ = nullptr;
  int protocol_ = 2;
  uint64_t errors_ = 0;
};

}  // namespace resp
