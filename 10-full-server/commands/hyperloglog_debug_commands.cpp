// SPDX-License-Identifier: MIT
// PFDEBUG looks into a sketch, PFSELFTEST tests the structure inside the running server.
#include <cmath>
#include <string>

#include "10-full-server/commands/hyperloglog_value.h"
#include "10-full-server/hyperloglog/dense.h"
#include "10-full-server/hyperloglog/sparse.h"
#include "shared/util/text.h"

namespace full_server {

using command::Context;
using hyperloglog::Sketch;
using hyperloglog::SketchView;
using keyspace::StringEdit;

// False, and answered: it is damaged. A change of the encoding is passed on.
static bool make_dense(Context& c, StringEdit& value, Sketch& sketch) {
  if (sketch.view().is_dense()) return true;
  if (!sketch.become_dense()) {
    c.fail(kDamagedSketch);
    return false;
  }
  value.changed({});
  return true;
}

static void debug_registers(Context& c, StringEdit& value, Sketch& sketch) {
  if (!make_dense(c, value, sketch)) return;
  c.reply().array(hyperloglog::kRegisters);
  for (uint32_t i = 0; i < hyperloglog::kRegisters; ++i) {
    c.reply().integer(hyperloglog::dense_get(sketch.view().registers().data(), i));
  }
}

// "Z:…" and "z:…": zeros in two bytes and in one; "v:value,length". Damaged ones too, as far as they can be read.
static void debug_runs(Context& c, StringEdit&, Sketch& sketch) {
  if (sketch.view().is_dense()) return c.reply().error("ERR HLL encoding is not sparse");
  std::string text;
  std::string_view runs = sketch.view().registers();
  while (!runs.empty()) {
    const hyperloglog::Run run = hyperloglog::read_run(runs);
    if (run.bytes == 0) break;
    runs.remove_prefix(run.bytes);
    if (!text.empty()) text += ' ';
    text += run.value > 0 ? "v:" + std::to_string(run.value) + "," : run.bytes > 1 ? "Z:" : "z:";
    text += std::to_string(run.length);
  }
  c.reply().bulk(text);
}

static void debug_encoding(Context& c, StringEdit&, Sketch& sketch) {
  c.reply().simple(sketch.view().is_dense() ? "dense" : "sparse");
}

static void debug_to_dense(Context& c, StringEdit& value, Sketch& sketch) {
  const bool was_dense = sketch.view().is_dense();
  if (make_dense(c, value, sketch)) c.reply().integer(was_dense ? 0 : 1);
}

void pfdebug(Context& c) {
  StringEdit value = c.edit_string(c.arg(2));
  if (!value) return;
  if (!value.exists()) return c.reply().error("ERR The specified key does not exist");
  if (!check_sketch(c, true, value.text())) return;
  StringStorage storage(value);
  Sketch sketch(storage);
  value.unchanged();
  constexpr std::pair<std::string_view, void (*)(Context&, StringEdit&, Sketch&)> kSubcommands[] = {
      {"getreg", debug_registers},
      {"decode", debug_runs},
      {"encoding", debug_encoding},
      {"todense", debug_to_dense}};
  for (const auto& [name, run] : kSubcommands) {
    if (util::equal_ignoring_case(c.arg(1), name)) return run(c, value, sketch);
  }
  c.reply().error("ERR Unknown PFDEBUG subcommand '" + std::string(c.arg(1)) + "'");
}

namespace {

class Memory final : public hyperloglog::Storage {
 public:
  size_t size() const override { return bytes_.size(); }
  char* resize(size_t length) override {
    bytes_.resize(length);
    return bytes_.data();
  }

 private:
  std::string bytes_;
};

}  // namespace

// What went wrong, or "".
static std::string test_registers(util::Random& random) {
  constexpr int kRounds = 1000;
  std::string dense(hyperloglog::kDenseBytes, '\0');
  hyperloglog::Registers expected{};
  for (int round = 0; round < kRounds; ++round) {
    for (uint32_t i = 0; i < expected.size(); ++i) {
      expected[i] = static_cast<uint8_t>(random.below(hyperloglog::kHighestValue + 1));
      hyperloglog::dense_set(dense.data(), i, expected[i]);
    }
    for (uint32_t i = 0; i < expected.size(); ++i) {
      const uint8_t found = hyperloglog::dense_get(dense.data(), i);
      if (found == expected[i]) continue;
      return "Register " + std::to_string(i) + " should be " + std::to_string(expected[i]) +
             " but is " + std::to_string(found);
    }
  }
  return {};
}

// The estimates of a dense and a sparse sketch for the same elements: equal, and within six standard errors.
static std::string test_counts(uint64_t elements, const Sketch& dense, const Sketch& sparse) {
  if (elements < hyperloglog::settings.sparse_max_bytes / 2 && sparse.view().is_dense())
    return "sparse encoding not used";
  const uint64_t count = dense.view().count().value_or(0);
  if (sparse.view().count() != count) return "dense/sparse disagree";
  const double standard_error = 1.04 / std::sqrt(static_cast<double>(hyperloglog::kRegisters));
  // Ten elements seldom meet in a register; that they do is no mistake.
  const double most =
      elements == 10 ? 1 : std::ceil(6 * standard_error * static_cast<double>(elements));
  const uint64_t error = count > elements ? count - elements : elements - count;
  if (static_cast<double>(error) <= most) return {};
  return "Too big error. card:" + std::to_string(elements) + " abserr:" + std::to_string(error);
}

static std::string test_estimates(util::Random& random) {
  constexpr uint64_t kMost = 10'000'000;
  Memory dense_bytes, sparse_bytes;
  Sketch dense(dense_bytes), sparse(sparse_bytes);
  dense.become_dense();
  const uint64_t seed = random.next();
  uint64_t checkpoint = 1;
  for (uint64_t i = 1; i <= kMost; ++i) {
    const uint64_t element = i ^ seed;
    const std::string_view bytes(reinterpret_cast<const char*>(&element), sizeof element);
    dense.add(bytes);
    sparse.add(bytes);
    if (i != checkpoint) continue;
    if (std::string mistake = test_counts(i, dense, sparse); !mistake.empty()) return mistake;
    checkpoint *= 10;
  }
  return {};
}

void pfselftest(Context& c) {
  util::Random& random = c.db().environment().random;
  std::string mistake = test_registers(random);
  if (mistake.empty()) mistake = test_estimates(random);
  if (mistake.empty()) return c.reply().ok();
  c.reply().error("ERR TESTFAILED " + mistake);
}

}  // namespace full_server
