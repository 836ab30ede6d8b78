#include "pages.h"

#include <fcntl.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#ifndef MADV_POPULATE_READ
#define MADV_POPULATE_READ 22
#define MADV_POPULATE_WRITE 23
#endif

/* /proc/PID/pagemap: 64 bits a page. */
#define PRESENT (1ull << 63)
#define EXCLUSIVE (1ull << 56) /* no other process has it: it was copied */

/* So many calls tell what they touched, one after the other. Scripts do not always the same, but the first
 * show what all do. */
#define LESSONS 4
#define RANGES_MAX 2048
/* Copies of pages that a spare is given at most: 16 MB. A call that touches more has its own work to wait
 * for. */
#define COPIES_MAX 4096

struct range {
    uintptr_t start;
    size_t size;
    int advice;
};

struct lesson {
    _Atomic bool told;      /* the next call may tell; the last to be written */
    _Atomic uint32_t count; /* of ranges; written after them */
    struct range ranges[RANGES_MAX];
};

static struct {
    _Atomic uint32_t taken;
    struct lesson lessons[LESSONS];
} * shared;

static bool is_spare;

void pages_open(void) {
    void *memory = mmap(NULL, sizeof *shared, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (memory != MAP_FAILED) shared = memory;
}

void pages_make_ready(void) {
    is_spare = true;
    for (size_t i = 0; shared && i < LESSONS; i++) {
        const struct lesson *lesson = &shared->lessons[i];
        uint32_t count = atomic_load_explicit(&lesson->count, memory_order_acquire);
        for (uint32_t j = 0; j < count; j++)
            madvise((void *)lesson->ranges[j].start, lesson->ranges[j].size, lesson->ranges[j].advice);
    }
}

struct mapping {
    uintptr_t start, end;
    int advice;
    uint64_t wanted; /* bits of a page that a call has touched */
};

/* Of private writable memory what was copied counts; of mapped files what was looked at. What is neither is
 * shared with the server's page tables from the start. */
static bool parse_mapping(const char *line, struct mapping *mapping) {
    char permissions[5];
    unsigned long start, end, inode;
    if (sscanf(line, "%lx-%lx %4s %*s %*s %lu", &start, &end, permissions, &inode) != 4) return false;
    mapping->start = start;
    mapping->end = end;
    if (permissions[3] != 'p' || permissions[0] != 'r') return false;
    bool writable = permissions[1] == 'w';
    if (!writable && inode == 0) return false;
    mapping->advice = writable ? MADV_POPULATE_WRITE : MADV_POPULATE_READ;
    mapping->wanted = writable ? PRESENT | EXCLUSIVE : PRESENT;
    return true;
}

/* Ranges lie in the order of their addresses, as the kernel lists mappings. */
static bool knows(const struct lesson *lesson, uintptr_t page) {
    uint32_t low = 0, high = atomic_load_explicit(&lesson->count, memory_order_acquire);
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        const struct range *range = &lesson->ranges[middle];
        if (page < range->start)
            high = middle;
        else if (page >= range->start + range->size)
            low = middle + 1;
        else
            return true;
    }
    return false;
}

/* A lesson holds only what those before it do not. */
static bool is_known(const struct lesson *lesson, uintptr_t page) {
    for (const struct lesson *before = shared->lessons; before < lesson; before++)
        if (knows(before, page)) return true;
    return false;
}

static void note_page(struct lesson *lesson, uint32_t *count, uintptr_t page, size_t size, int advice) {
    struct range *last = *count ? &lesson->ranges[*count - 1] : NULL;
    if (last && last->advice == advice && last->start + last->size == page) {
        last->size += size;
    } else if (*count < RANGES_MAX) {
        lesson->ranges[(*count)++] = (struct range){page, size, advice};
    }
}

static void note_mapping(struct lesson *lesson, uint32_t *count, size_t *copies, int pagemap,
                         const struct mapping *mapping) {
    size_t size = (size_t)sysconf(_SC_PAGESIZE);
    uint64_t pages[512];
    for (uintptr_t at = mapping->start; at < mapping->end;) {
        size_t wanted = (mapping->end - at) / size;
        if (wanted > sizeof pages / sizeof *pages) wanted = sizeof pages / sizeof *pages;
        ssize_t got = pread(pagemap, pages, wanted * sizeof *pages, (off_t)(at / size * sizeof *pages));
        if (got <= 0) return;
        for (size_t i = 0; i < (size_t)got / sizeof *pages; i++, at += size) {
            if ((pages[i] & mapping->wanted) != mapping->wanted || is_known(lesson, at)) continue;
            if (mapping->advice == MADV_POPULATE_WRITE && ++*copies > COPIES_MAX) return;
            note_page(lesson, count, at, size, mapping->advice);
        }
    }
}

/* One at a time, or two calls that end together would tell the same. NULL: it is not this call's turn. */
static struct lesson *take_lesson(void) {
    uint32_t number = atomic_load(&shared->taken);
    if (number >= LESSONS || (number > 0 && !atomic_load(&shared->lessons[number - 1].told))) return NULL;
    return atomic_compare_exchange_strong(&shared->taken, &number, number + 1) ? &shared->lessons[number]
                                                                               : NULL;
}

void pages_learn(void) {
    struct lesson *lesson = is_spare && shared ? take_lesson() : NULL;
    if (!lesson) return;
    uint32_t count = 0;
    size_t copies = 0, room = 0;
    char *line = NULL;
    int pagemap = open("/proc/self/pagemap", O_RDONLY | O_CLOEXEC);
    FILE *maps = fopen("/proc/self/maps", "re");
    struct mapping mapping;
    while (pagemap >= 0 && maps && getline(&line, &room, maps) > 0)
        if (parse_mapping(line, &mapping)) note_mapping(lesson, &count, &copies, pagemap, &mapping);
    atomic_store_explicit(&lesson->count, count, memory_order_release);
    atomic_store(&lesson->told, true);
}
