#include "items.h"

#include <string.h>

#include "parts.h"
#include "whereabouts.h"

#define explain(items, ...) ((items)->parts ? parts_add((items)->parts, __VA_ARGS__) : (void)0)

/* Every item goes in here: lengths first, so that no two lists of items make the same bytes. */
static void add_bytes(struct items *items, const char *label, const void *data, size_t size) {
    uint32_t lengths[2] = {(uint32_t)strlen(label), (uint32_t)size};
    sha256_add(&items->hash, lengths, sizeof lengths);
    sha256_add(&items->hash, label, lengths[0]);
    sha256_add(&items->hash, data, size);
}

void add_item(struct items *items, const char *label, const void *data, size_t size) {
    add_bytes(items, label, data, size);
    if (items->parts) parts_add_digest(items->parts, label, "", 0, data, size);
}

void add_text(struct items *items, const char *label, const char *text) {
    add_bytes(items, label, text, strlen(text));
    explain(items, "%s: %s", label, text);
}

void add_variable(struct items *items, const char *label, const char *variable) {
    add_bytes(items, label, variable, strlen(variable));
    if (items->parts)
        parts_add_digest(items->parts, label, variable, strcspn(variable, "="), variable, strlen(variable));
}

void add_number(struct items *items, const char *label, long long number) {
    add_bytes(items, label, &number, sizeof number);
    explain(items, "%s: %lld", label, number);
}

void add_directory(struct items *items, const char *label, const char *path) {
    uint64_t whereabouts[2];
    find_whereabouts(path, whereabouts);
    add_bytes(items, label, whereabouts, sizeof whereabouts);
    explain(items, "%s: device %llu, inode %llu, mount %u", label, (unsigned long long)device_of(whereabouts),
            (unsigned long long)whereabouts[1], mount_of(whereabouts));
}
