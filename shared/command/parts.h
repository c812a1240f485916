// SPDX-License-Identifier: MIT
//
// How a handler, a plain function, reaches the parts of its server (client registry, parameters, INFO, …) without a global
// and without shared/command knowing them: the composition root provides each part once, and get<T>() is an array access.
#pragma once

#include <atomic>
#include <cassert>
#include <cstddef>
#include <vector>

namespace command {

class Parts {
 public:
  template <class T>
  void provide(T& part) {
    const size_t at = number<T>();
    if (parts_.size() <= at) parts_.resize(at + 1);
    parts_[at] = &part;
  }
  // REQUIRES: provided.
  template <class T>
  T& get() const {
    T* part = find<T>();
    assert(part != nullptr);
    return *part;
  }
  template <class T>
  T* find() const {
    const size_t at = number<T>();
    return at < parts_.size() ? static_cast<T*>(parts_[at]) : nullptr;
  }

 private:
  static size_t next() {
    static std::atomic<size_t> count{0};
    return count++;
  }
  template <class T>
  static size_t number() {
    static const size_t mine = next();
    return mine;
  }
  std::vector<void*> parts_;
};

}  // namespace command
