// SPDX-License-Identifier: MIT
//
// A borrowed callable: two words, no allocation. It must not outlive what it was made from, so it
// is only ever a parameter. (P0792; in the standard from C++26.)
#pragma once

#include <memory>
#include <type_traits>
#include <utility>

namespace util {

template <class Signature>
class FunctionRef;

template <class Result, class... Args>
class FunctionRef<Result(Args...)> {
 public:
  template <class F>
  requires(!std::is_same_v<std::remove_cvref_t<F>, FunctionRef> &&
           std::is_invocable_r_v<Result, F&, Args...>) FunctionRef(F&& callable)
  noexcept  // NOLINT: converts implicitly, that is its purpose
      : object_(
            const_cast<void*>(reinterpret_cast<const volatile void*>(std::addressof(callable)))),
        call_([](void* object, Args... args) -> Result {
          return (*reinterpret_cast<std::remove_reference_t<F>*>(object))(
              std::forward<Args>(args)...);
        }) {}

  Result operator()(Args... args) const { return call_(object_, std::forward<Args>(args)...); }

 private:
  void* object_;
  Result (*call_)(void*, Args...);
};

}  // namespace util
