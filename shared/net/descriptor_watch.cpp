// SPDX-License-Identifier: MIT
#include "shared/net/descriptor_watch.h"

#include <asio/posix/stream_descriptor.hpp>
#include <utility>

#include "shared/net/asio_loop.h"

namespace net {

struct DescriptorWatch::Impl : std::enable_shared_from_this<Impl> {
  Impl(EventLoop& event_loop, int fd, std::function<void()> on_readable)
      : loop(event_loop), descriptor(event_loop.impl().io, fd), handler(std::move(on_readable)) {}

  void wait() {
    descriptor.async_wait(asio::posix::stream_descriptor::wait_read, [self = shared_from_this()](asio::error_code error) {
      if (error || self->ended) return;
      self->loop.begin();
      self->handler();
      if (!self->ended) self->wait();
    });
  }

  EventLoop& loop;
  asio::posix::stream_descriptor descriptor;
  std::function<void()> handler;
  bool ended = false;
};

DescriptorWatch::DescriptorWatch(EventLoop& loop, int descriptor, std::function<void()> on_readable)
    : impl_(std::make_shared<Impl>(loop, descriptor, std::move(on_readable))) {
  impl_->wait();
}

DescriptorWatch::~DescriptorWatch() {
  impl_->ended = true;
  impl_->descriptor.release();
}

}  // namespace net
