// SPDX-License-Identifier: MIT
//
// Counted bytes: a value too big for its entry, shared between the keyspace and replies that are
// still being sent. The count is changed by the loop thread alone, with plain loads and stores;
// another thread may read it: if it holds a reference and the count is 1, the blob is its own.
// Whoever changes the bytes makes sure that it is the only owner (shared()).
#pragma once

#include <atomic>
#include <cstdint>
#include <cstring>
#include <new>
#include <string_view>
#include <utility>

#include "shared/util/memory.h"

namespace util {

class Blob {
 public:
  // What a blob takes besides its capacity, so that owners of many can fill an allocation.
  static constexpr size_t kOverhead = 24;

  Blob() = default;
  explicit Blob(size_t capacity) : body_(create(capacity)) {}
  explicit Blob(std::string_view text) : Blob(text.size()) {
    text.copy(body_->bytes(), text.size());
    body_->length = text.size();
  }
  Blob(const Blob& other) noexcept : body_(other.body_) {
    if (body_) body_->set_owners(body_->count() + 1);
  }
  Blob(Blob&& other) noexcept : body_(std::exchange(other.body_, nullptr)) {}
  Blob& operator=(Blob other) noexcept {
    std::swap(body_, other.body_);
    return *this;
  }
  ~Blob() { drop(); }

  explicit operator bool() const { return body_ != nullptr; }
  std::string_view view() const {
    return body_ ? std::string_view{body_->bytes(), body_->length} : std::string_view{"", 0};
  }
  char* data() { return body_->bytes(); }
  size_t size() const { return body_ ? body_->length : 0; }
  size_t capacity() const { return body_ ? body_->capacity : 0; }
  bool shared() const { return body_ && body_->count() > 1; }
  size_t memory_size() const {
    return body_ ? memory::good_size(sizeof(Body) + body_->capacity) : 0;
  }

  void set_size(size_t length) { body_->length = length; }  // REQUIRES: length <= capacity()

  // Makes this the only owner of at least `capacity` bytes, keeping the text.
  void make_unique(size_t capacity) {
    if (body_ && body_->count() == 1 && body_->capacity >= capacity) return;
    Blob copy(capacity > size() ? capacity : size());
    if (body_) std::memcpy(copy.data(), body_->bytes(), body_->length);
    copy.set_size(size());
    std::swap(body_, copy.body_);
  }

  // Hands the reference over as one word and takes it back; for owners that pack it (Entry).
  uintptr_t release() { return reinterpret_cast<uintptr_t>(std::exchange(body_, nullptr)); }
  static Blob adopt(uintptr_t word) {
    Blob blob;
    blob.body_ = reinterpret_cast<Body*>(word);
    return blob;
  }

 private:
  struct Body {
    std::atomic<uint32_t> owners;
    size_t length;
    size_t capacity;
    char* bytes() { return reinterpret_cast<char*>(this + 1); }
    uint32_t count() const { return owners.load(std::memory_order_acquire); }
    void set_owners(uint32_t count) { owners.store(count, std::memory_order_release); }
  };

  static_assert(sizeof(Body) == kOverhead);

  static Body* create(size_t capacity) {
    auto* body = new (memory::allocate(sizeof(Body) + capacity)) Body;
    body->owners.store(1, std::memory_order_relaxed);
    body->length = 0;
    body->capacity = capacity;
    return body;
  }
  void drop() {
    if (!body_) return;
    const uint32_t left = body_->count() - 1;
    if (left > 0) return body_->set_owners(left);
    memory::release(body_, sizeof(Body) + body_->capacity);
  }

  Body* body_ = nullptr;
};

}  // namespace util
