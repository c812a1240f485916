// SPDX-License-Identifier: MIT
// Documentation lines of sorted set commands. In alphabetical order; the columns: command_docs.h.
#include "10-full-server/introspection/command_docs.h"

namespace introspection {

static constexpr std::string_view kLog = "O(log(N)) where N is the size of the sorted set";
static constexpr std::string_view kRange =
    "O(log(N)+M) where N is the size of the sorted set and M the number of members answered";
static constexpr std::string_view kRemoval =
    "O(log(N)+M) where N is the size of the sorted set and M the number of members removed";
static constexpr std::string_view kPops =
    "O(K)+O(M*log(N)) where K is the number of keys, N the size of the sorted set and M the number "
    "of members popped";
static constexpr std::string_view kUnion =
    "O(N)+O(M*log(M)) where N is the size of all sets together and M the size of the result";
static constexpr std::string_view kIntersection =
    "O(N*K)+O(M*log(M)) where N is the size of the smallest set, K the number of sets and M the "
    "size of the result";
static constexpr std::string_view kDifference =
    "O(N*K)+O(M*log(M)) where N is the size of the first set, K the number of sets and M the size "
    "of the result";

static constexpr CommandDoc kDocs[] = {
    {"bzmpop", "7.0.0", "sorted-set", kPops,
     "Pops members with the lowest or highest scores from the first of several sorted sets that is "
     "not empty; waits for one if all are.",
     "timeout/double numkeys/integer key [key ...] where=<MIN | MAX> [COUNT count]"},
    {"bzpopmax", "5.0.0", "sorted-set", kLog,
     "Pops the member with the highest score from the first of several sorted sets that is not "
     "empty; waits for one if all are.",
     "key [key ...] timeout/double"},
    {"bzpopmin", "5.0.0", "sorted-set", kLog,
     "Pops the member with the lowest score from the first of several sorted sets that is not "
     "empty; waits for one if all are.",
     "key [key ...] timeout/double"},
    {"zadd", "1.2.0", "sorted-set",
     "O(log(N)) for each member, where N is the size of the sorted set",
     "Gives members of a sorted set their scores; adds those that are new.",
     "key condition=[NX | XX] comparison=[GT | LT] change=[CH] increment=[INCR] score/double "
     "member [score/double member ...]"},
    {"zcard", "1.2.0", "sorted-set", "O(1)", "Tells how many members a sorted set has.", "key"},
    {"zcount", "2.0.0", "sorted-set", kLog, "Counts the members whose scores lie in a range.",
     "key min/double max/double"},
    {"zdiff", "6.2.0", "sorted-set", kDifference,
     "Answers the members of the first sorted set that none of the others has.",
     "numkeys/integer key [key ...] [WITHSCORES]"},
    {"zdiffstore", "6.2.0", "sorted-set", kDifference,
     "Stores the members of the first sorted set that none of the others has.",
     "destination/key numkeys/integer key [key ...]"},
    {"zincrby", "1.2.0", "sorted-set", kLog,
     "Adds a number to a member's score; a new member begins at 0.", "key increment member"},
    {"zinter", "6.2.0", "sorted-set", kIntersection,
     "Answers the members that several sorted sets have in common.",
     "numkeys/integer key [key ...] [WEIGHTS weight/integer [weight/integer ...]] "
     "[AGGREGATE aggregate=<SUM | MIN | MAX>] [WITHSCORES]"},
    {"zintercard", "7.0.0", "sorted-set",
     "O(N*K) where N is the size of the smallest set and K the number of sets",
     "Counts the members that several sorted sets have in common.",
     "numkeys/integer key [key ...] [LIMIT limit/integer]"},
    {"zinterstore", "2.0.0", "sorted-set", kIntersection,
     "Stores the members that several sorted sets have in common.",
     "destination/key numkeys/integer key [key ...] [WEIGHTS weight/integer [weight/integer ...]] "
     "[AGGREGATE aggregate=<SUM | MIN | MAX>]"},
    {"zlexcount", "2.8.9", "sorted-set", kLog,
     "Counts the members that lie in a range of texts, where all scores are equal.", "key min max"},
    {"zmpop", "7.0.0", "sorted-set", kPops,
     "Pops members with the lowest or highest scores from the first of several sorted sets that is "
     "not empty.",
     "numkeys/integer key [key ...] where=<MIN | MAX> [COUNT count]"},
    {"zmscore", "6.2.0", "sorted-set", "O(N) where N is the number of members asked for",
     "Tells the scores of several members.", "key member [member ...]"},
    {"zpopmax", "5.0.0", "sorted-set",
     "O(log(N)*M) where N is the size of the sorted set and M the number of members popped",
     "Removes the members with the highest scores and answers them.", "key [count]"},
    {"zpopmin", "5.0.0", "sorted-set",
     "O(log(N)*M) where N is the size of the sorted set and M the number of members popped",
     "Removes the members with the lowest scores and answers them.", "key [count]"},
    {"zrandmember", "6.2.0", "sorted-set", "O(N) where N is the number of members answered",
     "Answers members of a sorted set that were drawn at random.",
     "key options=[count [WITHSCORES]]"},
    {"zrange", "1.2.0", "sorted-set", kRange,
     "Answers the members in a range of ranks, scores or texts.",
     "key start/string stop/string sortby=[BYSCORE | BYLEX] [REV] [LIMIT offset count] "
     "[WITHSCORES]"},
    {"zrangebylex", "2.8.9", "sorted-set", kRange,
     "Answers the members in a range of texts, where all scores are equal.",
     "key min max [LIMIT offset count]", "6.2.0", "`ZRANGE` with the `BYLEX` argument"},
    {"zrangebyscore", "1.0.5", "sorted-set", kRange,
     "Answers the members whose scores lie in a range.",
     "key min/double max/double [WITHSCORES] [LIMIT offset count]", "6.2.0",
     "`ZRANGE` with the `BYSCORE` argument"},
    {"zrangestore", "6.2.0", "sorted-set",
     "O(log(N)+M) where N is the size of the sorted set and M the number of members stored",
     "Stores the members in a range of ranks, scores or texts in another key.",
     "dst/key src/key min max sortby=[BYSCORE | BYLEX] [REV] [LIMIT offset count]"},
    {"zrank", "2.0.0", "sorted-set", kLog,
     "Tells how many members have lower scores than this one.", "key member [WITHSCORE]"},
    {"zrem", "1.2.0", "sorted-set",
     "O(M*log(N)) where N is the size of the sorted set and M the number of members",
     "Removes members from a sorted set.", "key member [member ...]"},
    {"zremrangebylex", "2.8.9", "sorted-set", kRemoval,
     "Removes the members in a range of texts, where all scores are equal.", "key min max"},
    {"zremrangebyrank", "2.0.0", "sorted-set", kRemoval, "Removes the members in a range of ranks.",
     "key start/integer stop/integer"},
    {"zremrangebyscore", "1.2.0", "sorted-set", kRemoval,
     "Removes the members whose scores lie in a range.", "key min/double max/double"},
    {"zrevrange", "1.2.0", "sorted-set", kRange,
     "Answers the members in a range of ranks, highest score first.",
     "key start/integer stop/integer [WITHSCORES]", "6.2.0", "`ZRANGE` with the `REV` argument"},
    {"zrevrangebylex", "2.8.9", "sorted-set", kRange,
     "Answers the members in a range of texts, last one first, where all scores are equal.",
     "key max min [LIMIT offset count]", "6.2.0", "`ZRANGE` with the `REV` and `BYLEX` arguments"},
    {"zrevrangebyscore", "2.2.0", "sorted-set", kRange,
     "Answers the members whose scores lie in a range, highest score first.",
     "key max/double min/double [WITHSCORES] [LIMIT offset count]", "6.2.0",
     "`ZRANGE` with the `REV` and `BYSCORE` arguments"},
    {"zrevrank", "2.0.0", "sorted-set", kLog,
     "Tells how many members have higher scores than this one.", "key member [WITHSCORE]"},
    {"zscan", "2.8.0", "sorted-set",
     "O(1) for each call, O(N) for all of a sorted set of N members",
     "Visits some of a sorted set's members, with their scores.",
     "key cursor [MATCH pattern] [COUNT count]"},
    {"zscore", "1.2.0", "sorted-set", "O(1)", "Tells the score of a member.", "key member"},
    {"zunion", "6.2.0", "sorted-set", kUnion,
     "Answers the members of several sorted sets together.",
     "numkeys/integer key [key ...] [WEIGHTS weight/integer [weight/integer ...]] "
     "[AGGREGATE aggregate=<SUM | MIN | MAX>] [WITHSCORES]"},
    {"zunionstore", "2.0.0", "sorted-set", kUnion,
     "Stores the members of several sorted sets together.",
     "destination/key numkeys/integer key [key ...] [WEIGHTS weight/integer [weight/integer ...]] "
     "[AGGREGATE aggregate=<SUM | MIN | MAX>]"},
};

std::span<const CommandDoc> sorted_set_docs() { return kDocs; }

}  // namespace introspection
