// SPDX-License-Identifier: MIT
//
// Rare state of a client (subscriptions, a blocked command, a replica's place in the stream): each kind is a type of its own
// that only its owner knows. Parts are destroyed when the client goes, at once when its connection closes, so a part's
// destructor is where a client leaves what it had joined. A client without parts pays one pointer for them.
#pragma once

#include <atomic>
#include <cstddef>
#include <memory>
#include <vector>

namespace command {

class ClientPart {
 public:
  virtual ~ClientPart() = default;
};

class ClientParts {
 public:
  template <class T>
  T* find() const {
    const size_t at = number<T>();
    return parts_ && at < parts_->size() ? static_cast<T*>((*parts_)[at].get()) : nullptr;
  }
  // REQUIRES: none of this kind yet.
  template <class T, class... Arguments>
  T& add(Arguments&&... arguments) {
    const size_t at = number<T>();
    if (!parts_) parts_ = std::make_unique<std::vector<std::unique_ptr<ClientPart>>>();
    if (parts_->size() <= at) parts_->resize(at + 1);
    (*parts_)[at] = std::make_unique<T>(std::forward<Arguments>(arguments)...);
    return static_cast<T&>(*(*parts_)[at]);
  }
  template <class T>
  void remove() {
    const size_t at = number<T>();
    if (parts_ && at < parts_->size()) std::exchange((*parts_)[at], nullptr).reset();
  }
  void clear() { std::exchange(parts_, nullptr).reset(); }

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
  std::unique_ptr<std::vector<std::unique_ptr<ClientPart>>> parts_;
};

}  // namespace command
