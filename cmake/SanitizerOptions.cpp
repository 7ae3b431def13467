/// What AddressSanitizer is told at the start of every program. LLVM's libraries are built without it: they take room
/// out of arenas that its headers, built with it, poison.
extern "C" const char *__asan_default_options() { return "allow_user_poisoning=0"; }
