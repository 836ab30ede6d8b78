#include "huge.h"

#include <errno.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/mman.h>
#include <unistd.h>

#include "monotonic.h"

#ifndef MADV_COLLAPSE
#define MADV_COLLAPSE 25 /* Linux 6.1 */
#endif

#define HUGE_PAGE ((uintptr_t)2 << 20)

#define PASSES_MAX 8

struct mapping {
    uintptr_t start, end;
};

/* Heaps: private, writable, of no file. */
static bool parse_heap(const char *line, struct mapping *mapping) {
    char permissions[5];
    unsigned long start, end, inode;
    if (sscanf(line, "%lx-%lx %4s %*s %*s %lu", &start, &end, permissions, &inode) != 4) return false;
    *mapping = (struct mapping){start, end};
    return inode == 0 && permissions[1] == 'w' && permissions[3] == 'p';
}

/* What is not in use yet becomes the server's memory as well: no more than what is. */
static bool is_mostly_there(uintptr_t block) {
    static unsigned char pages[HUGE_PAGE / 4096];
    size_t count = HUGE_PAGE / (size_t)sysconf(_SC_PAGESIZE), there = 0;
    if (mincore((void *)block, HUGE_PAGE, pages) < 0) return false;
    for (size_t i = 0; i < count; i++)
        there += pages[i] & 1;
    return there * 2 >= count;
}

/* Up to which address this pass has come, and whether the kernel said EAGAIN in it: then it did not get hold
 * of a page, as with many while an executor is ending. */
static struct {
    int number;
    uintptr_t at;
    bool again;
} pass;

static void collapse(uintptr_t block) {
    if (madvise((void *)block, HUGE_PAGE, MADV_COLLAPSE) < 0 && errno == EAGAIN) pass.again = true;
}

/* Returns false when the time was up. */
static bool use_in(const struct mapping *heap, int64_t until_ns) {
    uintptr_t block = (heap->start + HUGE_PAGE - 1) / HUGE_PAGE * HUGE_PAGE;
    for (; block + HUGE_PAGE <= heap->end; block += HUGE_PAGE) {
        if (block < pass.at) continue;
        if (monotonic_ns() >= until_ns) return false;
        if (is_mostly_there(block)) collapse(block);
        pass.at = block + HUGE_PAGE;
    }
    return true;
}

/* A block that is a huge page already takes no time. */
static bool was_last_pass(void) {
    bool last = !pass.again || ++pass.number == PASSES_MAX;
    pass.at = 0;
    pass.again = false;
    return last;
}

bool huge_pages_use(int milliseconds) {
    int64_t until_ns = monotonic_ns() + milliseconds * INT64_C(1000000);
    FILE *maps = fopen("/proc/self/maps", "re");
    char line[512];
    struct mapping heap;
    bool whole = true;
    while (maps && whole && fgets(line, sizeof line, maps))
        if (parse_heap(line, &heap)) whole = use_in(&heap, until_ns);
    if (maps) fclose(maps);
    return whole && was_last_pass();
}
