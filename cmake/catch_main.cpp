// SPDX-License-Identifier: MIT
// The test runner's main, compiled once for all test executables; works with Catch2 2 and 3.
#ifdef WORKSHOP_CATCH_V3
#include <catch2/catch_session.hpp>
int main(int argc, char** argv) { return Catch::Session().run(argc, argv); }
#else
#define CATCH_CONFIG_MAIN
#include <catch2/catch.hpp>
#endif
