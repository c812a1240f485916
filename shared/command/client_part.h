// SPDX-License-Identifier: MIT
//
// Rare state of a client (subscriptions, a blocked command, a replica's place in the stream): each kind is a type of its own
// that only its owner knows. Parts are destroyed when the client goes, at once when its connection closes, so a part's
// destructor is where a client leaves what it had joined. A client without parts pays one pointer for them.
#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "shared/command/type_numbers.h"

namespace command {

// What CLIENT LIST says of a client because of its parts.
struct ClientTraits {
  std::string flags;  // letters of `flags=`, in any order
  size_t channels = 0;
  size_t patterns = 0;
  size_t shard_channels = 0;
  int64_t queued = -1;  // commands between MULTI and EXEC; -1: no transaction
  size_t queued_bytes = 0;
  size_t argument_bytes = 0;  // of a command that waits
  int64_t redirect = -1;      // who is told what its cache no longer knows; -1: nobody
};

class ClientPart {
 public:
  virtual ~ClientPart() = default;
  virtual void describe(ClientTraits&) const {}
  virtual size_t memory_size() const { return 0; }  // bytes beyond the object itself; may be an estimate
};

class ClientParts {
 public:
  template <class T>
  T* find() const {
    const size_t at = TypeNumbers<ClientPart>::of<T>();
    return parts_ && at < parts_->size() ? static_cast<T*>((*parts_)[at].get()) : nullptr;
  }
  // REQUIRES: none of this kind yet.
  template <class T, class... Arguments>
  T& add(Arguments&&... arguments) {
    auto part = std::make_unique<T>(std::forward<Arguments>(arguments)...);
    T& added = *part;
    put(std::move(part));
    return added;
  }
  template <class T>
  void put(std::unique_ptr<T> part) {
    const size_t at = TypeNumbers<ClientPart>::of<T>();
    if (!parts_) parts_ = std::make_unique<std::vector<std::unique_ptr<ClientPart>>>();
    if (parts_->size() <= at) parts_->resize(at + 1);
    (*parts_)[at] = std::move(part);
  }
  // Null when there is none.
  template <class T>
  std::unique_ptr<T> take() {
    T* part = find<T>();
    if (part == nullptr) return nullptr;
    (void)(*parts_)[TypeNumbers<ClientPart>::of<T>()].release();
    return std::unique_ptr<T>(part);
  }
  template <class T>
  void remove() {
    take<T>();
  }
  ClientTraits traits() const {
    ClientTraits traits;
    if (parts_) {
      for (const auto& part : *parts_) {
        if (part) part->describe(traits);
      }
    }
    return traits;
  }
  size_t memory_size() const {
    size_t total = 0;
    if (parts_) {
      for (const auto& part : *parts_) {
        if (part) total += part->memory_size();
      }
    }
    return total;
  }
  void clear() { std::exchange(parts_, nullptr).reset(); }

 private:
  std::unique_ptr<std::vector<std::unique_ptr<ClientPart>>> parts_;
};

}  // namespace command
