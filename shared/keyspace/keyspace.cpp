// SPDX-License-Identifier: MIT
#include "shared/keyspace/keyspace.h"

#define XXH_INLINE_ALL
#include <xxhash.h>

#include <cassert>

#include "shared/keyspace/entry_probe.h"
#include "shared/keyspace/type_descriptor.h"
#include "shared/util/todo.h"

namespace keyspace {

// Chosen per process, so that nobody outside can make keys that collide.
static uint64_t hash_seed() {
  static const uint64_t seed = util::Random().next();
  return seed;
}
static const uint64_t kHashSeed = hash_seed();

uint64_t Keyspace::hash(std::string_view key) { return XXH3_64bits_withSeed(key.data(), key.size(), kHashSeed); }

static uint64_t hash_of_entry(const void* item) { return Keyspace::hash(static_cast<const Entry*>(item)->key()); }

Keyspace::Keyspace(int index, Environment& environment)
    : index_(index), environment_(environment), table_(hash_of_entry) {}

Keyspace::~Keyspace() { clear(); }

static Entry* entry_of(Slot slot) { return static_cast<Entry*>(slot_item(slot)); }

void Keyspace::destroy(Entry* entry) {
  if (entry->type() != TypeId::String) descriptor_of(*entry).destroy(entry->word_address());
  Entry::destroy(entry);
}

Slot* Keyspace::find_slot(uint64_t hash, std::string_view key) const {
  return table_.find(hash, [&](Bucket& bucket, uint16_t tag) {
    return probe_bucket(bucket, tag, key, environment_.key_comparisons);
  });
}

Entry* Keyspace::peek(std::string_view key) const {
  const Slot* slot = find_slot(hash(key), key);
  return slot == nullptr ? nullptr : entry_of(*slot);
}

Entry* Keyspace::find(std::string_view key, LookupFlags flags) {
  const Slot* slot = find_slot(hash(key), key);
  Entry* entry = slot == nullptr ? nullptr : entry_of(*slot);
  if (entry != nullptr && expired(*entry)) {
    // [04.2 begin] an expired key is gone: delete it and say so, or hide it
    //quiet: // deadlines arrive in stage 04: until then nothing has one
    if (environment_.expiry == ExpiryMode::Delete) remove_expired(entry);
    entry = nullptr;
    // [04.2 end]
  }
  const auto bits = static_cast<unsigned>(flags);
  if ((bits & static_cast<unsigned>(LookupFlags::NoStats)) == 0) {
    if (entry != nullptr) {
      ++environment_.hits;
    } else {
      ++environment_.misses;
      environment_.sink->on_miss(index_, key);
    }
  }
  if (entry != nullptr && environment_.touch && (bits & static_cast<unsigned>(LookupFlags::NoTouch)) == 0) {
    entry->set_clock(used(*entry));
  }
  return entry;
}

// The entry's clock after one more use.
uint32_t Keyspace::used(const Entry& entry) const {
  if (!environment_.usage.frequency) [[likely]] return environment_.clock;
  return environment_.usage.used(entry.clock(), environment_.now, environment_.random);
}

void Keyspace::remove_expired(Entry* entry) {
  ++environment_.expired;
  environment_.sink->on_removed({index_, entry->key(), RemovalReason::Expired});
  const uint64_t started = environment_.on_expiry_freed ? util::cpu_ticks() : 0;
  erase(entry, Lazily{environment_.lazy.expired});
  if (environment_.on_expiry_freed) environment_.on_expiry_freed(util::cpu_ticks() - started);
}

// Values of few allocations are freed faster than they are handed over (as in Redis, a string is one).
constexpr size_t kWorthBurying = 64;

void Keyspace::dispose(Entry* entry, Lazily lazily) {
  if (lazily == Lazily::Yes && environment_.lazy.disposal != nullptr && entry->type() != TypeId::String &&
      descriptor_of(*entry).free_effort(entry->word_address()) > kWorthBurying) {
    return environment_.lazy.disposal->bury(entry);
  }
  destroy(entry);
}

Entry* Keyspace::set_string(std::string_view key, std::string_view value, KeepTtl keep) {
  Entry::Parts parts{.key = key, .clock = environment_.clock};
  if (const auto number = util::parse_int64(value)) return set_integer(key, *number, keep);
  if (value.size() > Entry::kMaxInline) return set_blob(key, util::Blob(value), keep);
  const auto encoding = value.size() <= Entry::kMaxEmbedded ? StringEncoding::Embedded : StringEncoding::Raw;
  parts.encoding = static_cast<uint8_t>(encoding);
  parts.text = value;
  return put(key, parts, keep);
}

Entry* Keyspace::set_integer(std::string_view key, int64_t value, KeepTtl keep) {
  return put(key,
             {.key = key,
              .encoding = static_cast<uint8_t>(StringEncoding::Integer),
              .has_word = true,
              .word = static_cast<uint64_t>(value),
              .clock = environment_.clock},
             keep);
}

Entry* Keyspace::set_blob(std::string_view key, util::Blob value, KeepTtl keep) {
  if (value.size() <= Entry::kMaxInline) return set_string(key, value.view(), keep);
  return put(key,
             {.key = key,
              .encoding = static_cast<uint8_t>(StringEncoding::Raw),
              .has_word = true,
              .word_is_blob = true,
              .word = value.release(),
              .clock = environment_.clock},
             keep);
}

// Writes the new value where the old one lies, when it has the same shape: no allocation, the slot stays.
bool Keyspace::overwrite(Entry* entry, const Entry::Parts& parts, KeepTtl keep) {
  if (entry->type() != TypeId::String || entry->has_word() != parts.has_word) return false;
  if (entry->has_deadline() && keep == KeepTtl::No) return false;
  if (parts.has_word) {
    if (entry->has_blob() != parts.word_is_blob) return false;
    if (entry->has_blob()) util::Blob::adopt(entry->word());
    entry->set_word(parts.word);
  } else {
    if (entry->text().size() != parts.text.size()) return false;
    std::memcpy(entry->mutable_text(), parts.text.data(), parts.text.size());
  }
  entry->set_encoding(parts.encoding);
  entry->set_clock(used(*entry));
  return true;
}

// An expired key where something is to be stored is deleted and reported first, as by a lookup: whoever passes the
// command on does so behind that. False: not here (ExpiryMode).
static bool delete_expired(Keyspace& keyspace, Entry* entry) {
  if (keyspace.environment().expiry != ExpiryMode::Delete) return false;
  keyspace.remove_expired(entry);
  return true;
}

Entry* Keyspace::put(std::string_view key, const Entry::Parts& parts, KeepTtl keep) {
  const uint64_t hash = Keyspace::hash(key);
  Slot* slot = find_slot(hash, key);
  if (slot == nullptr) {
    Entry* entry = Entry::create(parts);
    table_.insert(hash, entry);
    if (environment_.report_new) [[unlikely]]
      environment_.sink->on_new(index_, key);
    return entry;
  }
  Entry* old = entry_of(*slot);
  if (expired(*old)) [[unlikely]] {
    keep = KeepTtl::No;
    if (delete_expired(*this, old)) return put(key, parts, keep);
  }
  if (overwrite(old, parts, keep)) return old;
  Entry::Parts kept = parts;
  if (keep == KeepTtl::Yes) kept.deadline = old->deadline();
  kept.clock = used(*old);
  Entry* entry = Entry::create(kept);
  table_.replace(slot, entry);
  table_.set_marked(hash, slot, entry->has_deadline());
  dispose(old, Lazily{environment_.lazy.overwritten});
  return entry;
}

Entry* Keyspace::store(Entry* entry) {
  const uint64_t hash = Keyspace::hash(entry->key());
  if (Slot* slot = find_slot(hash, entry->key())) {
    Entry* old = entry_of(*slot);
    if (expired(*old) && delete_expired(*this, old)) [[unlikely]] return store(entry);
    table_.replace(slot, entry);
    table_.set_marked(hash, slot, entry->has_deadline());
    dispose(old, Lazily{environment_.lazy.overwritten});
  } else {
    table_.insert(hash, entry, entry->has_deadline());
    if (environment_.report_new) [[unlikely]]
      environment_.sink->on_new(index_, entry->key());
  }
  return entry;
}

Entry* Keyspace::take(Entry* entry) {
  const uint64_t hash = Keyspace::hash(entry->key());
  table_.erase(hash, find_slot(hash, entry->key()));
  return entry;
}

bool Keyspace::erase(std::string_view key, Lazily lazily) {
  const uint64_t hash = Keyspace::hash(key);
  Slot* slot = find_slot(hash, key);
  if (slot == nullptr) return false;
  Entry* entry = entry_of(*slot);
  table_.erase(hash, slot);
  dispose(entry, lazily);
  return true;
}

void Keyspace::erase(Entry* entry, Lazily lazily) { dispose(take(entry), lazily); }

// The entry with another deadline (or none): the same key and value in an allocation of another shape.
static Entry* reshaped(const Entry& entry, std::string_view key, UnixMs deadline) {
  return Entry::create({.key = key,
                        .deadline = deadline,
                        .type = entry.type(),
                        .encoding = entry.encoding(),
                        .has_word = entry.has_word(),
                        .word_is_blob = entry.has_blob(),
                        .word = entry.has_word() ? entry.word() : 0,
                        .text = entry.has_word() ? std::string_view{} : entry.text(),
                        .clock = entry.clock()});
}

Entry* Keyspace::replace(Entry* entry, Entry* with) {
  const uint64_t hash = Keyspace::hash(entry->key());
  Slot* slot = find_slot(hash, entry->key());
  table_.replace(slot, with);
  table_.set_marked(hash, slot, with->has_deadline());
  // What the word refers to has moved along with it.
  memory::release(entry, entry->allocation_size());
  return with;
}

Entry* Keyspace::expire_at(Entry* entry, UnixMs deadline) {
  if (entry->has_deadline()) {
    entry->set_deadline(deadline);
    return entry;
  }
  return replace(entry, reshaped(*entry, entry->key(), deadline));
}

Entry* Keyspace::persist(Entry* entry) {
  if (!entry->has_deadline()) return entry;
  return replace(entry, reshaped(*entry, entry->key(), kNever));
}

Entry* Keyspace::clone(const Entry& entry, std::string_view key) const {
  Entry* copy = reshaped(entry, key, entry.deadline());
  if (entry.has_blob()) {
    copy->set_word(string_blob(entry).release());
  } else if (entry.type() != TypeId::String) {
    descriptor_of(entry).clone(const_cast<Entry&>(entry).word_address(), copy->word_address());
  }
  return copy;
}

bool Keyspace::rename(std::string_view from, std::string_view to) {
  Entry* entry = find(from, LookupFlags::Peek);
  if (entry == nullptr) return false;
  Entry* moved = reshaped(*entry, to, entry->deadline());
  take(entry);
  memory::release(entry, entry->allocation_size());
  // Not written over: the name begins to be once more, and that is told.
  if (Entry* old = find(to, LookupFlags::Peek)) erase(old, Lazily{environment_.lazy.overwritten});
  store(moved);
  return true;
}

void Keyspace::swap(Keyspace& other) { table_.swap(other.table_); }

void Keyspace::clear(Lazily lazily) {
  if (lazily == Lazily::Yes && environment_.lazy.disposal != nullptr && size() > 0) {
    auto full = std::make_unique<BucketTable>(hash_of_entry);
    full->swap(table_);
    return environment_.lazy.disposal->bury(std::move(full));
  }
  table_.clear([](void* item) { destroy(static_cast<Entry*>(item)); });
}

Keyspace::Cursor Keyspace::scan(Cursor cursor, util::FunctionRef<void(Entry*)> visit) const {
  return table_.scan(cursor, [&](void* item) { visit(static_cast<Entry*>(item)); });
}

void Keyspace::for_each(util::FunctionRef<void(Entry*)> visit) const {
  table_.for_each([&](void* item) { visit(static_cast<Entry*>(item)); });
}

Entry* Keyspace::random() {
  // On a replica expired keys stay: when all that is left may be expired, give up after a while and return one.
  for (int tries = 100; table_.size() > 0;) {
    auto* entry = static_cast<Entry*>(table_.random(environment_.random));
    if (!expired(*entry)) return entry;
    if (environment_.expiry == ExpiryMode::Delete) {
      remove_expired(entry);
    } else if (--tries == 0 && table_.marked() == table_.size()) {
      return entry;
    }
  }
  return nullptr;
}

}  // namespace keyspace
