/*
 * The size stands in the symbol table of the object, which dlsym has looked up by name but does not show.
 * dladdr1 shows it, but looks at every symbol there is, some 100,000: half a millisecond each time, in every
 * start of a server.
 */
#include "symbol_size.h"

#include <link.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>

struct search {
    const char *name;
    uintptr_t address;
    size_t size;
};

struct tables {
    const ElfW(Sym) * symbols;
    const char *names;
    const uint32_t *hashes;
};

static bool contains(const struct dl_phdr_info *object, uintptr_t address) {
    for (int i = 0; i < object->dlpi_phnum; i++) {
        const ElfW(Phdr) *part = &object->dlpi_phdr[i];
        uintptr_t start = object->dlpi_addr + part->p_vaddr;
        if (part->p_type == PT_LOAD && address >= start && address - start < part->p_memsz) return true;
    }
    return false;
}

/* glibc has made addresses of these, musl leaves them as they are in the file. */
static const void *at(const struct dl_phdr_info *object, ElfW(Addr) value) {
    return (const void *)(value < object->dlpi_addr ? object->dlpi_addr + value : value);
}

static struct tables tables_of(const struct dl_phdr_info *object) {
    struct tables tables = {0};
    const ElfW(Dyn) *entry = NULL;
    for (int i = 0; i < object->dlpi_phnum; i++)
        if (object->dlpi_phdr[i].p_type == PT_DYNAMIC)
            entry = (const ElfW(Dyn) *)(object->dlpi_addr + object->dlpi_phdr[i].p_vaddr);
    for (; entry && entry->d_tag != DT_NULL; entry++) {
        if (entry->d_tag == DT_SYMTAB) tables.symbols = at(object, entry->d_un.d_ptr);
        if (entry->d_tag == DT_STRTAB) tables.names = at(object, entry->d_un.d_ptr);
        if (entry->d_tag == DT_GNU_HASH) tables.hashes = at(object, entry->d_un.d_ptr);
    }
    return tables;
}

static uint32_t hash_of(const char *name) {
    uint32_t hash = 5381;
    for (; *name; name++)
        hash = hash * 33 + (unsigned char)*name;
    return hash;
}

/* The table: four numbers, a filter, a first symbol for each bucket, and from the first hashed symbol on
 * their hashes, whose lowest bit is set in the last of a bucket. */
static size_t size_in(const struct tables *tables, const char *name) {
    const uint32_t *head = tables->hashes;
    uint32_t bucket_count = head[0], first = head[1], filter_words = head[2], hash = hash_of(name);
    const uint32_t *buckets = head + 4 + filter_words * (sizeof(ElfW(Addr)) / sizeof *head);
    const uint32_t *hashes = buckets + bucket_count;
    uint32_t index = bucket_count ? buckets[hash % bucket_count] : 0;
    for (; index >= first; index++) {
        const ElfW(Sym) *symbol = &tables->symbols[index];
        if ((hashes[index - first] | 1) == (hash | 1) && !strcmp(tables->names + symbol->st_name, name))
            return symbol->st_size;
        if (hashes[index - first] & 1) break;
    }
    return 0;
}

static int visit(struct dl_phdr_info *object, size_t size, void *context) {
    struct search *search = context;
    (void)size;
    if (!contains(object, search->address)) return 0;
    struct tables tables = tables_of(object);
    if (tables.symbols && tables.names && tables.hashes) search->size = size_in(&tables, search->name);
    return 1;
}

size_t symbol_size(const char *name, const void *address) {
    struct search search = {.name = name, .address = (uintptr_t)address};
    dl_iterate_phdr(visit, &search);
    return search.size;
}
