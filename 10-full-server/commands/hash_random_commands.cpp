// SPDX-License-Identifier: MIT
// HRANDFIELD: some fields, each as likely as the others; with a negative count one may come more than once, and their order
// is random too.
#include <algorithm>
#include <unordered_set>
#include <vector>

#include "10-full-server/commands/endless_reply.h"
#include "10-full-server/commands/hash_handlers.h"
#include "10-full-server/commands/packed_reply.h"
#include "10-full-server/commands/signed_count.h"
#include "10-full-server/types/hash.h"
#include "shared/util/text.h"

namespace full_server {

using command::Context;
using types::Hash;
using View = keyspace::View<Hash>;
namespace errors = util::errors;

namespace {

// The reply: fields, or fields with their values, which RESP3 keeps together.
class FieldsReply {
 public:
  FieldsReply(Context& c, bool with_values) : c_(c), with_values_(with_values) {}

  void open(size_t fields) { c_.reply().array(with_values_ && !nested() ? 2 * fields : fields); }
  void add(const Hash::Pair& pair) {
    if (with_values_ && nested()) c_.reply().array(2);
    reply_packed(c_, pair.field);
    if (with_values_) reply_packed(c_, pair.value);
  }

 private:
  bool nested() const { return c_.reply().protocol() >= 3; }

  Context& c_;
  bool with_values_;
};

}  // namespace

static std::vector<Hash::Pair> all_pairs(const Hash& hash) {
  std::vector<Hash::Pair> pairs;
  pairs.reserve(hash.size());
  hash.for_each([&](types::PackedValue field, types::PackedValue value) {
    pairs.push_back({field, value});
  });
  return pairs;
}

static void reply_repeated(Context& c, const Hash& hash, uint64_t count, FieldsReply& reply) {
  util::Random& random = c.db().environment().random;
  EndlessReply endless(c);
  reply.open(count);
  if (!hash.is_packed() || count == 1) {
    for (; count > 0 && endless.wanted(); --count) reply.add(hash.random(random));
    return;
  }
  // A listpack is walked once, not once a field.
  const std::vector<Hash::Pair> pairs = all_pairs(hash);
  for (; count > 0 && endless.wanted(); --count) reply.add(pairs[random.below(pairs.size())]);
}

// In the order in which they lie there: each is taken with the chance that is right for those that are still wanted (Knuth,
// TAOCP 3.4.2, algorithm S).
static void reply_selection(const Hash& hash, size_t count, util::Random& random,
                            FieldsReply& reply) {
  size_t left = hash.size();
  hash.for_each([&](types::PackedValue field, types::PackedValue value) {
    if (random.below(left--) >= count) return;
    reply.add({field, value});
    --count;
  });
}

// Drawing one after the other finds the same ones again seldom, while few of many are wanted.
static void reply_draws(const Hash& hash, size_t count, util::Random& random, FieldsReply& reply) {
  std::unordered_set<const char*> seen;
  seen.reserve(count);
  while (seen.size() < count) {
    const Hash::Pair pair = hash.random(random);
    types::PackedValue::Scratch unused;  // a table holds texts only
    if (seen.insert(pair.field.text(unused).data()).second) reply.add(pair);
  }
}

static void reply_different(const Hash& hash, size_t count, util::Random& random,
                            FieldsReply& reply) {
  constexpr size_t kFewOf = 3;  // below a third of all, drawing is faster than a walk
  reply.open(count);
  if (!hash.is_packed() && count < hash.size() / kFewOf)
    return reply_draws(hash, count, random, reply);
  reply_selection(hash, count, random, reply);
}

static void reply_some(Context& c, int64_t count, bool with_values) {
  const View hash = c.view<Hash>(c.arg(1));
  if (!hash) return;
  FieldsReply reply(c, with_values);
  if (!hash.exists() || count == 0) return reply.open(0);
  util::Random& random = c.db().environment().random;
  if (count < 0) return reply_repeated(c, *hash, static_cast<uint64_t>(-count), reply);
  const auto most = std::min(static_cast<uint64_t>(count), uint64_t{hash->size()});
  reply_different(*hash, most, random, reply);
}

void hrandfield(Context& c) {
  if (c.argc() == 2) {
    const View hash = c.view<Hash>(c.arg(1));
    if (!hash) return;
    if (!hash.exists()) return c.reply().null();
    return reply_packed(c, hash->random(c.db().environment().random).field);
  }
  const auto count = read_signed_count(c, 2);
  if (!count) return;
  const bool with_values = c.argc() > 3;
  if (c.argc() > 4 || (with_values && !util::equal_ignoring_case(c.arg(3), "withvalues")))
    return c.fail(errors::kSyntax);
  if (with_values && (*count < -kMostSignedCount / 2 || *count > kMostSignedCount / 2))
    return c.fail(errors::kOutOfRange);
  reply_some(c, *count, with_values);
}

}  // namespace full_server
