// SPDX-License-Identifier: MIT
// SPOP and SRANDMEMBER: members by chance. What SPOP has drawn is passed on as SREM, in requests of at most 1,024 members,
// or as DEL where nothing stays.
#include <limits>
#include <vector>

#include "10-full-server/commands/endless_reply.h"
#include "10-full-server/commands/set_handlers.h"
#include "10-full-server/commands/signed_count.h"
#include "shared/util/byte_buffer.h"
#include "shared/util/numbers.h"

namespace full_server::sets {

using command::Context;
using keyspace::Event;
using types::PackedValue;
using types::Set;
using types::SetEncoding;
namespace errors = util::errors;

static util::Random& chance(Context& c) { return c.db().environment().random; }

namespace {

// The members that a command removed, as SREM requests. Texts are copied until a request is full.
class Removals {
 public:
  Removals(Context& c, std::string_view key) : propagation_(c.propagate()), words_{"SREM", key} {}
  Removals(const Removals&) = delete;
  ~Removals() { flush(); }

  void add(std::string_view member) {
    texts_.append(member);
    lengths_.push_back(member.size());
    if (lengths_.size() == kMost) flush();
  }

 private:
  static constexpr size_t kMost = 1024;

  void flush() {
    if (lengths_.empty()) return;
    std::string_view rest = texts_.view();
    for (const size_t length : lengths_) {
      words_.push_back(rest.substr(0, length));
      rest.remove_prefix(length);
    }
    propagation_.as(words_);
    words_.resize(2);
    lengths_.clear();
    texts_.clear();
  }

  command::Propagation propagation_;
  std::vector<std::string_view> words_;
  std::vector<size_t> lengths_;
  util::ByteBuffer texts_;
};

}  // namespace

static void pop_one(Context& c) {
  const std::string_view key = c.arg(1);
  bool found;
  auto set = c.edit_existing<Set>(key, found);
  if (!found) return c.reply().null();
  if (!set) return;
  const PackedValue member = set.read().random(chance(c));
  PackedValue::Scratch scratch;
  const std::string_view text = member.text(scratch);
  c.reply().bulk(text);
  c.propagate().as({"SREM", key, text});
  set->remove(member);
  set.changed(Event::Set, "spop", 1);
}

// All of them: the key goes.
static void pop_all(Context& c, std::string_view key) {
  const auto set = c.view<Set>(key);
  const auto count = static_cast<int64_t>(set->size());
  reply_all(c, *set);
  c.changed(Event::Set, "spop", key, count);
  const bool lazily = c.db().environment().lazy.overwritten;
  c.db().erase(set.entry(), lazily ? keyspace::Lazily::Yes : keyspace::Lazily::No);
  c.changed(Event::Generic, "del", key, 0);
  c.propagate().as({lazily ? "UNLINK" : "DEL", key});
}

static void pop_some(Context& c) {
  const std::string_view key = c.arg(1);
  command::ArgReader reader = c.reader(2);
  const int64_t count =
      reader.integer_between(0, std::numeric_limits<int64_t>::max(), errors::kNotPositive);
  if (!reader.ok()) return c.fail(reader.error());
  bool found;
  auto set = c.edit_existing<Set>(key, found);
  if (!found) return c.reply().set(0);
  if (!set) return;
  if (count == 0) return c.reply().set(0);
  const auto wanted = static_cast<size_t>(count);
  if (wanted >= set.read().size()) return pop_all(c, key);
  c.reply().set(wanted);
  Removals removals(c, key);
  set->take(wanted, chance(c), [&](PackedValue member) {
    PackedValue::Scratch scratch;
    const std::string_view text = member.text(scratch);
    c.reply().bulk(text);
    removals.add(text);
  });
  set.changed(Event::Set, "spop", count);
}

void spop(Context& c) {
  if (c.argc() > 3) return c.fail(errors::kSyntax);
  c.argc() == 3 ? pop_some(c) : pop_one(c);
}

// Each drawn from all, so that some may come twice. A listpack is walked once, not once a member.
static void reply_repeatable(Context& c, const Set& set, size_t count) {
  c.reply().array(count);
  util::Random& random = chance(c);
  EndlessReply endless(c);
  if (set.encoding() != SetEncoding::Listpack || count == 1) {
    for (; count > 0 && endless.wanted(); --count) reply_packed(c, set.random(random));
    return;
  }
  std::vector<PackedValue> members;
  set.for_each([&](PackedValue member) { members.push_back(member); });
  for (; count > 0 && endless.wanted(); --count) reply_packed(c, members[random.below(members.size())]);
}

static void srandmember_some(Context& c) {
  const auto count = read_signed_count(c, 2);
  if (!count) return;
  const auto set = c.view<Set>(c.arg(1));
  if (!set) return;
  if (!set.exists() || *count == 0) return c.reply().array(0);
  if (*count < 0) return reply_repeatable(c, *set, static_cast<size_t>(-*count));
  const size_t wanted = std::min(static_cast<size_t>(*count), set->size());
  c.reply().array(wanted);
  set->sample(wanted, chance(c), [&](PackedValue member) { reply_packed(c, member); });
}

void srandmember(Context& c) {
  if (c.argc() > 3) return c.fail(errors::kSyntax);
  if (c.argc() == 3) return srandmember_some(c);
  const auto set = c.view<Set>(c.arg(1));
  if (!set) return;
  set.exists() ? reply_packed(c, set->random(chance(c))) : c.reply().null();
}

}  // namespace full_server::sets
