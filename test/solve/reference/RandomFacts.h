//===- RandomFacts.h - Facts by chance, valid by construction -----------------------------------------------------===//
#pragma once

#include <cstdint>
#include <string>

namespace refleak {

/// The facts text of one function with some callees' effects; the same seed gives the same text everywhere.
std::string randomFacts(uint32_t Seed);

} // namespace refleak
