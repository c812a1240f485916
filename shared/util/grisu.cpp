// SPDX-License-Identifier: MIT
#include "shared/util/grisu.h"

#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdint>

namespace util {

namespace {

// fraction × 2^exponent.
struct Scaled {
  uint64_t fraction;
  int exponent;
};

constexpr int kMantissaBits = 52;
constexpr uint64_t kHiddenBit = uint64_t{1} << kMantissaBits;

Scaled unpack(double value) {
  constexpr int kBias = 1023 + kMantissaBits;
  const auto bits = std::bit_cast<uint64_t>(value);
  const uint64_t mantissa = bits & (kHiddenBit - 1);
  const auto exponent = static_cast<int>(bits >> kMantissaBits);
  if (exponent == 0) return {mantissa, 1 - kBias};
  return {mantissa | kHiddenBit, exponent - kBias};
}

// The same number with its highest bit set.
Scaled normalized(const Scaled& number) {
  const int shift = std::countl_zero(number.fraction);
  return {number.fraction << shift, number.exponent - shift};
}

// The upper 64 bits, rounded.
Scaled product(const Scaled& a, const Scaled& b) {
  __extension__ using Wide = unsigned __int128;
  const Wide exact = static_cast<Wide>(a.fraction) * b.fraction;
  constexpr Wide kHalf = static_cast<Wide>(1) << 63;
  return {static_cast<uint64_t>((exact + kHalf) >> 64), a.exponent + b.exponent + 64};
}

// 10^-348, 10^-340, … 10^340 as fractions of 64 bits, rounded to the nearest.
constexpr int kFirstPower = -348;
constexpr int kPowerStep = 8;
constexpr uint64_t kPowers[] = {
    0xfa8fd5a0081c0288, 0xbaaee17fa23ebf76, 0x8b16fb203055ac76, 0xcf42894a5dce35ea,
    0x9a6bb0aa55653b2d, 0xe61acf033d1a45df, 0xab70fe17c79ac6ca, 0xff77b1fcbebcdc4f,
    0xbe5691ef416bd60c, 0x8dd01fad907ffc3c, 0xd3515c2831559a83, 0x9d71ac8fada6c9b5,
    0xea9c227723ee8bcb, 0xaecc49914078536d, 0x823c12795db6ce57, 0xc21094364dfb5637,
    0x9096ea6f3848984f, 0xd77485cb25823ac7, 0xa086cfcd97bf97f4, 0xef340a98172aace5,
    0xb23867fb2a35b28e, 0x84c8d4dfd2c63f3b, 0xc5dd44271ad3cdba, 0x936b9fcebb25c996,
    0xdbac6c247d62a584, 0xa3ab66580d5fdaf6, 0xf3e2f893dec3f126, 0xb5b5ada8aaff80b8,
    0x87625f056c7c4a8b, 0xc9bcff6034c13053, 0x964e858c91ba2655, 0xdff9772470297ebd,
    0xa6dfbd9fb8e5b88f, 0xf8a95fcf88747d94, 0xb94470938fa89bcf, 0x8a08f0f8bf0f156b,
    0xcdb02555653131b6, 0x993fe2c6d07b7fac, 0xe45c10c42a2b3b06, 0xaa242499697392d3,
    0xfd87b5f28300ca0e, 0xbce5086492111aeb, 0x8cbccc096f5088cc, 0xd1b71758e219652c,
    0x9c40000000000000, 0xe8d4a51000000000, 0xad78ebc5ac620000, 0x813f3978f8940984,
    0xc097ce7bc90715b3, 0x8f7e32ce7bea5c70, 0xd5d238a4abe98068, 0x9f4f2726179a2245,
    0xed63a231d4c4fb27, 0xb0de65388cc8ada8, 0x83c7088e1aab65db, 0xc45d1df942711d9a,
    0x924d692ca61be758, 0xda01ee641a708dea, 0xa26da3999aef774a, 0xf209787bb47d6b85,
    0xb454e4a179dd1877, 0x865b86925b9bc5c2, 0xc83553c5c8965d3d, 0x952ab45cfa97a0b3,
    0xde469fbd99a05fe3, 0xa59bc234db398c25, 0xf6c69a72a3989f5c, 0xb7dcbf5354e9bece,
    0x88fcf317f22241e2, 0xcc20ce9bd35c78a5, 0x98165af37b2153df, 0xe2a0b5dc971f303a,
    0xa8d9d1535ce3b396, 0xfb9b7cd9a4a7443c, 0xbb764c4ca7a44410, 0x8bab8eefb6409c1a,
    0xd01fef10a657842c, 0x9b10a4e5e9913129, 0xe7109bfba19c0c9d, 0xac2820d9623bf429,
    0x80444b5e7aa7cf85, 0xbf21e44003acdd2d, 0x8e679c2f5e44ff8f, 0xd433179d9c8cb841,
    0x9e19db92b4e31ba9, 0xeb96bf6ebadf77d9, 0xaf87023b9bf0ee6b,
};

// The integer parts of power × log2(10), and of bits × log10(2) rounded up.
constexpr int bits_of_power(int power) { return power * 217706 >> 16; }
constexpr int power_of_bits(int bits) { return -(-bits * 315653 >> 20); }

struct Power {
  int power;  // of ten
  Scaled value;
};

// The smallest power at hand that brings a number with this exponent to one of at least -60; it
// gets below -32 then, so that the integer part fits 32 bits.
Power power_for(int exponent) {
  constexpr int kLowest = -60;
  const int least = power_of_bits(kLowest - 1 - exponent);
  const int index = std::max(0, (least - kFirstPower + kPowerStep - 1) / kPowerStep);
  const int power = kFirstPower + index * kPowerStep;
  return {power, {kPowers[index], bits_of_power(power) - 63}};
}

// What is still to be told apart: all of it in units of the scaled numbers' last bit.
struct Rest {
  uint64_t interval;  // from the lowest to the highest number that reads back as the value
  uint64_t distance;  // from the value itself to the highest
};

// The digits stand for the highest number less `rest`. Lowers the last digit while that leads
// closer to the value and stays within the interval.
void approach(DecimalDigits& out, const Rest& to, uint64_t rest, uint64_t unit) {
  while (rest < to.distance && to.interval - rest >= unit &&
         (rest + unit < to.distance || to.distance - rest > rest + unit - to.distance)) {
    --out.digits[out.count - 1];
    rest += unit;
  }
}

void put_digit(DecimalDigits& out, uint64_t digit) {
  if (digit != 0 || out.count > 0) out.digits[out.count++] = static_cast<char>('0' + digit);
}

// Digits of `highest`, as few as lead into the interval. `places` counts those before the point
// that are left; it gets negative behind it.
void generate(const Scaled& highest, Rest to, DecimalDigits& out) {
  const int shift = -highest.exponent;
  const uint64_t mask = (uint64_t{1} << shift) - 1;
  uint64_t whole = highest.fraction >> shift;
  uint64_t fraction = highest.fraction & mask;
  int places = 10;
  for (uint64_t divisor = 1'000'000'000; divisor > 0; divisor /= 10) {
    put_digit(out, whole / divisor);
    whole %= divisor;
    --places;
    const uint64_t rest = (whole << shift) + fraction;
    if (rest > to.interval) continue;
    out.exponent += places;
    return approach(out, to, rest, divisor << shift);
  }
  do {
    fraction *= 10;
    to.interval *= 10;
    to.distance *= 10;
    put_digit(out, fraction >> shift);
    fraction &= mask;
    --places;
  } while (fraction >= to.interval);
  out.exponent += places;
  approach(out, to, fraction, mask + 1);
}

}  // namespace

// The numbers that read back as the value reach half way to its neighbours; below a power of two
// the neighbour is only half as far. Both ends are brought in by one unit, since the products are
// rounded.
DecimalDigits grisu2(double magnitude) noexcept {
  const Scaled value = unpack(magnitude);
  const Scaled above = normalized({2 * value.fraction + 1, value.exponent - 1});
  const int closer = value.fraction == kHiddenBit ? 2 : 1;
  const int lift = value.exponent - closer - above.exponent;
  const Scaled below{((value.fraction << closer) - 1) << lift, above.exponent};
  const Power power = power_for(above.exponent);
  Scaled high = product(above, power.value);
  --high.fraction;
  const uint64_t low = product(below, power.value).fraction + 1;
  const uint64_t exact = product(normalized(value), power.value).fraction;
  DecimalDigits result;
  result.exponent = -power.power;
  generate(high, {high.fraction - low, high.fraction - exact}, result);
  return result;
}

}  // namespace util
