// SPDX-License-Identifier: MIT
//
// How a handler, a plain function, reaches the parts of its server (client registry, parameters, INFO, …) without a global
// and without shared/command knowing them: the composition root provides each part once, and get<T>() is an array access.
#pragma once

#include <cassert>
#include <cstddef>
#include <vector>

#include "shared/command/type_numbers.h"

namespace command {

class Parts {
 public:
  template <class T>
  void provide(T& part) {
    const size_t at = TypeNumbers<Parts>::of<T>();
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
    const size_t at = TypeNumbers<Parts>::of<T>();
    return at < parts_.size() ? static_cast<T*>(parts_[at]) : nullptr;
  }

 private:
  std::vector<void*> parts_;
};

}  // namespace command
