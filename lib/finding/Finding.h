//===- Finding.h - A mistake, and the story that proves it --------------------------------------------------------===//
//
// A finding is plain data: nothing in it refers to the program it was found in. Its location is where the mistake
// happens (the use, the escape); the trace tells how it came to that, in the order of events:
//
//     cache.cpp:12:10: warning: 'r' refers to an element of 'v', which push_back may have moved
//     [refleak-element-invalidated]
//       borrow      cache.cpp:9:13    'r' is borrowed from the elements of 'v' here
//       invalidate  cache.cpp:10:3    push_back may move the elements of 'v'
//       use         cache.cpp:12:10   'r' is used here
//
//===--------------------------------------------------------------------------------------------------------------===//
#pragma once

#include "support/Source.h"
#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/StringRef.h"
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace refleak {

enum class Severity : uint8_t { Note, Warning, Error };

/// How sure a finding is; docs/theory.md says what each word promises.
enum class Confidence : uint8_t { Possible, Likely, Definite };

/// A span whose file is known by name. Lines and columns as in Span; Line 0 means unknown.
struct Location {
  std::string File;
  uint32_t Line = 0;
  uint32_t Column = 0;
  uint32_t EndLine = 0;
  uint32_t EndColumn = 0;

  bool known() const { return Line != 0; }
  friend bool operator==(const Location &, const Location &) = default;
  friend auto operator<=>(const Location &, const Location &) = default;
};

/// The location of \p At, where \p Files are the file names that its FileId counts.
Location locate(const Span &At, llvm::ArrayRef<std::string> Files);

enum class StepKind : uint8_t { Borrow, Flow, Store, Call, Invalidate, Expire, Escape, Use };

/// One event of a trace.
struct Step {
  StepKind Kind = StepKind::Borrow;
  std::string Message;
  Location At;

  friend bool operator==(const Step &, const Step &) = default;
  friend auto operator<=>(const Step &, const Step &) = default;
};

/// Replaces the text at At.
struct Edit {
  Location At;
  std::string Text;

  friend bool operator==(const Edit &, const Edit &) = default;
  friend auto operator<=>(const Edit &, const Edit &) = default;
};

/// Edits that are safe to make together, and what they do.
struct Fix {
  std::string Description;
  std::vector<Edit> Edits;

  friend bool operator==(const Fix &, const Fix &) = default;
  friend auto operator<=>(const Fix &, const Fix &) = default;
};

/// Why a finding is not to be reported.
struct Suppression {
  enum class Source : uint8_t { Comment, Config, Baseline };
  Source By = Source::Comment;
  std::string Reason;

  friend bool operator==(const Suppression &, const Suppression &) = default;
  friend auto operator<=>(const Suppression &, const Suppression &) = default;
};

struct Finding {
  std::string Rule; ///< its id: `element-invalidated`
  Severity Level = Severity::Warning;
  Confidence Sure = Confidence::Likely;
  std::string Message;
  std::string Function; ///< for people: `Cache::get(int)`
  Location At;          ///< where the mistake happens
  Location Declaration; ///< where Function is declared: a suppression may stand there
  std::vector<Step> Trace;
  std::string Remedy;
  std::vector<Fix> Fixes;
  std::optional<Suppression> Suppressed;

  /// The place lent, written so that it outlives edits elsewhere: names, not numbers (`this->items[]`). For the
  /// fingerprint.
  std::string Place;
  /// What ended or invalidated the loan, by name (`std::vector::push_back`, `scope`). For the fingerprint.
  std::string Cause;
  /// Names the same mistake in later versions of the source; see Fingerprint.h.
  std::string Fingerprint;
};

/// The words that stand for them in every format: "warning", "likely", "invalidate", "comment".
llvm::StringRef name(Severity S);
llvm::StringRef name(Confidence C);
llvm::StringRef name(StepKind K);
llvm::StringRef name(Suppression::Source S);
std::optional<Severity> severityNamed(llvm::StringRef Text);
std::optional<Confidence> confidenceNamed(llvm::StringRef Text);

} // namespace refleak
