// SPDX-License-Identifier: MIT
#include "10-full-server/introspection/dataset_digest.h"

#include <openssl/evp.h>

#include <array>

#include "shared/keyspace/type_descriptor.h"

namespace introspection {

namespace {

constexpr size_t kDigestLength = 20;
using Bytes = std::array<char, kDigestLength>;

Bytes sha1(std::string_view text) {
  Bytes hash;
  EVP_Digest(text.data(), text.size(), reinterpret_cast<unsigned char*>(hash.data()), nullptr, EVP_sha1(), nullptr);
  return hash;
}

// Numbers are mixed in as they go over a network: most significant byte first.
std::array<char, 4> network_order(uint32_t number) {
  return {static_cast<char>(number >> 24), static_cast<char>(number >> 16), static_cast<char>(number >> 8),
          static_cast<char>(number)};
}

class Sha1Digest final : public keyspace::Digest {
 public:
  void mix(std::string_view text) override {
    add(text);
    bytes_ = sha1(view());
  }
  void add(std::string_view member) override {
    const Bytes hash = sha1(member);
    for (size_t i = 0; i < kDigestLength; ++i) bytes_[i] = static_cast<char>(bytes_[i] ^ hash[i]);
  }
  void add_pair(std::string_view field, std::string_view value) override {
    Sha1Digest pair;
    pair.mix(field);
    pair.mix(value);
    add(pair.view());
  }
  void mix_number(uint32_t number) {
    const auto bytes = network_order(number);
    mix({bytes.data(), bytes.size()});
  }
  void mix_entry(const keyspace::Entry& entry) {
    mix_number(static_cast<uint32_t>(entry.type()));  // TypeId has Redis' numbers
    keyspace::descriptor_of(entry).digest(entry, *this);
    if (entry.has_deadline()) add("!!expire!!");
  }
  std::string_view view() const { return {bytes_.data(), bytes_.size()}; }
  std::string hex() const {
    static constexpr char kDigits[] = "0123456789abcdef";
    std::string text;
    for (const char byte : bytes_) {
      text += kDigits[static_cast<unsigned char>(byte) >> 4];
      text += kDigits[static_cast<unsigned char>(byte) & 15];
    }
    return text;
  }

 private:
  Bytes bytes_ = {};
};

}  // namespace

std::string dataset_digest(keyspace::Databases& databases) {
  Sha1Digest all;
  for (int db = 0; db < databases.count(); ++db) {
    if (databases[db].size() == 0) continue;
    all.mix_number(static_cast<uint32_t>(db));
    databases[db].for_each([&all](keyspace::Entry* entry) {
      Sha1Digest one;
      one.mix(entry->key());
      one.mix_entry(*entry);
      all.add(one.view());
    });
  }
  return all.hex();
}

std::string value_digest(const keyspace::Entry& entry) {
  Sha1Digest digest;
  digest.mix_entry(entry);
  return digest.hex();
}

std::string no_value_digest() { return Sha1Digest().hex(); }

}  // namespace introspection
