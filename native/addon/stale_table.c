#include "stale_store.h"
#include <stdlib.h>
#include <string.h>

static struct table_slot *find_slot(const struct table *table, uint64_t hash) {
    size_t at = hash & (table->room - 1);

    while (table->slots[at].hash && table->slots[at].hash != hash)
        at = (at + 1) & (table->room - 1);
    return &table->slots[at];
}

static bool grow(struct table *table) {
    struct table bigger = {.used = table->used, .room = table->room ? table->room * 2 : 256};

    bigger.slots = calloc(bigger.room, sizeof *bigger.slots);
    if (!bigger.slots) return false;
    for (size_t i = 0; i < table->room; i++)
        if (table->slots[i].hash) *find_slot(&bigger, table->slots[i].hash) = table->slots[i];
    free(table->slots);
    *table = bigger;
    return true;
}

bool table_put(struct table *table, uint64_t hash, uint32_t value) {
    struct table_slot *slot;

    if (table->used * 2 >= table->room && !grow(table)) return false;
    slot = find_slot(table, hash ? hash : 1);
    table->used += !slot->hash;
    *slot = (struct table_slot){hash ? hash : 1, value};
    return true;
}

bool table_get(const struct table *table, uint64_t hash, uint32_t *value) {
    const struct table_slot *slot;

    if (!table->room) return false;
    slot = find_slot(table, hash ? hash : 1);
    if (!slot->hash) return false;
    if (value) *value = slot->value;
    return true;
}

void table_clear(struct table *table) {
    free(table->slots);
    *table = (struct table){0};
}
