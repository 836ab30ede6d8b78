/*
 * Where V8's heap lies.
 *
 * V8 asks for its heap in pieces of 256 KB, each at a random address. So each has a page table to itself, and
 * mostly two more above it: for an empty script 60 pieces, for which each fork made 180 tables, and each end
 * of an executor took them down again (VmPTE 984 KB). Asked for side by side they share a few (350 KB), and
 * most of them fit into huge pages (native/addon/huge.c). Where the first one lies is V8's own choice, as
 * random as before. A hint binds nobody: where something else lies already the kernel gives another place,
 * with which V8 does as ever. Can go when V8 keeps its heap in one cage, as it does where pointers are
 * compressed.
 */
#include "notes.h"

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/types.h>
#include <unistd.h>

#define PIECE ((size_t)256 << 10)
#define SMALLEST_PAGE ((size_t)4 << 10)
/* Free of anything else where addresses are random. */
#define ROOM ((uintptr_t)1 << 30)

static _Atomic uintptr_t next;

/* Before Node 24 V8 reserves first and opens then. */
static bool is_piece(const void *hint, size_t size, int protection, int flags) {
    const int private = MAP_PRIVATE | MAP_ANONYMOUS;
    bool opened = protection == (PROT_READ | PROT_WRITE) && flags == private;
    bool reserved = protection == PROT_NONE && flags == (private | MAP_NORESERVE);
    return (opened || reserved) && hint && (uintptr_t)hint % PIECE == 0 && size >= PIECE && size < ROOM / 64;
}

/* A piece is asked for with room for aligning it, which is all but a page of another one, and given back at
 * once. */
static size_t footprint(size_t asked) {
    return (asked - (PIECE - SMALLEST_PAGE) + PIECE - 1) / PIECE * PIECE;
}

/* The very first becomes V8's read-only space, which would lie across a huge page. */
static void *place_beside(void *hint, size_t size) {
    uintptr_t none = 0, first = (uintptr_t)hint / ROOM * ROOM;
    if (atomic_compare_exchange_strong(&next, &none, first)) return hint;
    return (void *)atomic_fetch_add(&next, footprint(size));
}

static void *map(void *hint, size_t size, int protection, int flags, int descriptor, off_t offset) {
    if (is_piece(hint, size, protection, flags)) hint = place_beside(hint, size);
    return (void *)syscall(SYS_mmap, hint, size, protection, flags, descriptor, offset);
}

EXPORT void *mmap(void *hint, size_t size, int protection, int flags, int descriptor, off_t offset);
void *mmap(void *hint, size_t size, int protection, int flags, int descriptor, off_t offset) {
    return map(hint, size, protection, flags, descriptor, offset);
}

EXPORT void *mmap64(void *hint, size_t size, int protection, int flags, int descriptor, off64_t offset);
void *mmap64(void *hint, size_t size, int protection, int flags, int descriptor, off64_t offset) {
    return map(hint, size, protection, flags, descriptor, offset);
}
