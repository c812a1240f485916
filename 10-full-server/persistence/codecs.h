// SPDX-License-Identifier: MIT
//
// How collections are kept: one codec (RDB, DUMP, full sync) and one rewriter (the log's base as commands) a type, in Redis'
// own encodings. Added to 06's and 05's tables by the family that composes the type. Constant; any thread.
// Source: rdb.h and rdb.c of Redis 7.2 for the type bytes; each codec's file draws its format.
#pragma once

#include "06-rdb/value_codec.h"
#include "shared/util/byte_buffer.h"

namespace persistence {

const rdb::ValueCodec& list_codec();
const rdb::ValueCodec& hash_codec();
const rdb::ValueCodec& set_codec();
const rdb::ValueCodec& sorted_set_codec();
const rdb::ValueCodec& stream_codec();

// Append requests that make the entry, its deadline included: aof::Rewriter.
void rewrite_list(const keyspace::Entry& entry, util::ByteBuffer& out);
void rewrite_hash(const keyspace::Entry& entry, util::ByteBuffer& out);
void rewrite_set(const keyspace::Entry& entry, util::ByteBuffer& out);
void rewrite_sorted_set(const keyspace::Entry& entry, util::ByteBuffer& out);
void rewrite_stream(const keyspace::Entry& entry, util::ByteBuffer& out);

}  // namespace persistence
