//===- Models.h - What library functions do, read from rules/models -----------------------------------------------===//
//
// A model file says in JSON what the functions of a library do to their arguments (docs/models.md has the format). The
// files under rules/models are part of the program; users add their own. Reading a model is a lookup followed by an
// instantiation:
//
//     if (const MethodModel *M = Models.find({.Classes = {"std::vector"}, .Name = "push_back", .Arguments = Args}))
//       U.Known.push_back(M->instantiate(U, Symbol, Query));
//
// gives the effects of vector::push_back in the words of Facts.h:
//
//     use this* call
//     use arg0* call
//     invalidate this*[] ref,iterator,end,view all moved grows
//     copy this*[] <- arg0* insert
//
// Names are written without template arguments and without inline namespaces: `std::basic_string`, not
// `std::__cxx11::basic_string<char>`; `absl::flat_hash_map`, not `absl::lts_20220623::flat_hash_map`.
//
//===--------------------------------------------------------------------------------------------------------------===//
#pragma once

#include "facts/Facts.h"
#include "llvm/ADT/SmallVector.h"
#include "llvm/Support/Error.h"
#include <memory>
#include <optional>

namespace refleak {

/// What sort of type something is, as far as loans go.
enum class TypeKind : uint8_t {
  Plain,    ///< a class that no model knows, an enumeration
  Number,   ///< arithmetic, bool, nullptr_t excluded
  Pointer,  ///< a raw pointer or nullptr_t, not to a function
  Owner,    ///< holds its content itself: containers, string, optional, pair; destroying it destroys the content
  View,     ///< string_view, span, a range adaptor: holds loans on what it shows; copying it copies the loans
  Iterator, ///< stands on an element: `*it` is the element. Holds a loan on it
  Own,      ///< unique_ptr: holds an own loan on its target
  Share,    ///< shared_ptr: holds a share loan on its target
  Weak,     ///< weak_ptr: holds a weak loan on it
  Callable, ///< std::function, a closure, a function pointer, a bind expression: holds a code loan and what it captured
  Thread,   ///< thread, jthread, future: holds what the code that it runs captured
};

/// One argument of a call, as the parameter it goes to takes it.
struct Argument {
  enum Way : uint8_t { ByValue, ByLvalue, ByRvalue }; ///< by value; by `T &` or `const T &`; by `T &&`
  Way How = ByValue;
  TypeKind What = TypeKind::Plain; ///< of the type without the reference
  /// Owners and arrays: where their content is (ClassModel::content; arrays: Inline). The other kinds need none.
  std::optional<ProjectionKind> Content = std::nullopt;
  llvm::StringRef Class; ///< the qualified name of the class it is, empty if it is none
  bool Self = false;     ///< it is the class whose member is called, or derived from it
};

/// The call that a model is wanted for.
struct Query {
  /// Members: the class of the object expression and its bases down to the class that declares the member. The first
  /// one that a model knows the member of decides. Empty for functions that are no members.
  llvm::SmallVector<llvm::StringRef, 2> Classes;
  /// Members: `push_back`, `operator[]`, `constructor`, `destructor`; conversions: `operator bool`, `operator number`,
  /// `operator pointer`, `operator reference`, or `operator basic_string_view` (the class, unqualified).
  /// Functions: the qualified name: `std::move`, `memcpy`.
  llvm::StringRef Name;
  /// Of the parameters, those of `operator()`-like variadics too; default arguments count.
  llvm::SmallVector<Argument, 4> Arguments;
  /// Of the class that declares the member: the qualified name of each template argument that is a class, `&` of one
  /// that is a reference, else nothing.
  llvm::SmallVector<llvm::StringRef, 0> TemplateArguments;
  bool Const = false;  ///< the member is const
  bool Static = false; ///< a static member: there is no `this`
};

/// A function builds an object in place from some of its arguments: emplace_back, make_unique, optional::emplace. Which
/// constructor that is, only the caller of the model can tell; it adds the constructor's facts.
struct Construction {
  /// Where the type to be constructed is found: among the template arguments of the class or of the function, or it is
  /// that of the first argument.
  enum Source : uint8_t { OfClass, OfFunction, OfArgument };
  Source From = OfClass;
  unsigned TemplateArgument = 0; ///< its index there
  unsigned FirstArgument = 0;    ///< the arguments from this one on go to the constructor
  unsigned LastArgument = ~0u;   ///< up to this one; ~0u: all the rest
  bool Heap = false;             ///< the object is a new allocation, and Into is the smart pointer that gets it
  LoanKind Loan = LoanKind::Own; ///< Heap only: how Into holds it
  PathId Into;                   ///< the object, or with Heap the cell of its smart pointer
};

namespace model {
struct Entry;
class ModelFile;
} // namespace model

/// What one function (or some overloads of it) does.
class MethodModel {
public:
  explicit MethodModel(const model::Entry &Said) : Said(Said) {}

  /// The effects for a call such as \p Q, with their paths interned in \p U. The object and what the arguments refer to
  /// are used before anything else happens, unless the model says otherwise.
  Effects instantiate(Unit &U, NameId Symbol, const Query &Q) const;
  /// The objects it constructs from its arguments; done after the effects' facts.
  llvm::SmallVector<Construction, 1> constructions(Unit &U, const Query &Q) const;
  /// It has no effect at all: the call need not be lowered.
  bool pure() const;
  /// The effects put something into `ret` for a moment (swap, splice): the call needs a Result although it returns
  /// nothing.
  bool needsResult() const;

private:
  const model::Entry &Said;
};

/// What is known of one class template or class.
class ClassModel {
public:
  llvm::StringRef name() const { return Name; }
  TypeKind kind() const { return Kind; }
  /// Where its content is, seen from the object: Elem on the heap, Inline inside the object; Deref when it is what the
  /// object leads to (views, iterators, smart pointers, pointer wrappers). Nothing when it has none.
  std::optional<ProjectionKind> content() const { return Content; }
  /// Whether its destructor looks at something else, as that of a lock does.
  bool looksAround() const { return LooksAround; }

private:
  friend class Models;
  friend class model::ModelFile;
  std::string Name;
  TypeKind Kind = TypeKind::Plain;
  std::optional<ProjectionKind> Content;
  bool LooksAround = false;
};

/// All models in force. Reading is thread-safe once the files are added.
class Models {
public:
  /// The models that are part of the program.
  static llvm::Expected<Models> load();
  /// The models that are part of the program and those in \p Files, later ones over earlier ones.
  static llvm::Expected<Models> load(llvm::ArrayRef<std::string> Files);

  /// No models at all.
  Models();
  Models(Models &&);
  Models &operator=(Models &&);
  ~Models();

  /// Adds a file: what it says of a function goes before what was said of it so far. An error names file, line and
  /// column, and what to write instead.
  llvm::Error addFile(llvm::StringRef Path);
  llvm::Error addText(llvm::StringRef Text, llvm::StringRef BufferName);

  /// Everything that is wrong with the models that are part of the program. (Files are checked when they are added.)
  llvm::Error check() const;

  /// The class of this qualified name, or null.
  const ClassModel *findClass(llvm::StringRef Name) const;
  /// The model for a call, or null when nothing is known of it. A const member that a known class does not list reads
  /// its object and its arguments and does nothing else.
  const MethodModel *find(const Query &Q) const;

private:
  friend class model::ModelFile;
  struct Tables;
  std::unique_ptr<Tables> All;
};

} // namespace refleak
