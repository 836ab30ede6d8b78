#include "words.h"

#include <stdbool.h>

#include <stdio.h>
#include <string.h>

/* Forced by: libuv copies argv (uv_setup_args), and Node keeps it in vectors of std::string, which nothing
 * frees or exports. A caller's argument would lie there for as long as the server lives. They are found in
 * malloc's heap as what they are, the script's word followed by all that follow it: a sequence of pointers to
 * such strings, or one of string objects as libstdc++ lays them out. What merely looks like one of the words
 * stays. Where Node is built with another library nothing is found. It can go when Node has a call for it. */

struct string {
    char *text; /* into `here`, where it is short */
    size_t size;
    char here[16];
};

struct heap {
    char *start, *end;
};

struct words {
    const char *script, *end; /* from the script's word on */
};

static bool find_heap(struct heap *heap) {
    char line[512];
    bool found = false;
    FILE *maps = fopen("/proc/self/maps", "re");
    while (maps && !found && fgets(line, sizeof line, maps)) {
        unsigned long start, end;
        found = strstr(line, " [heap]") && sscanf(line, "%lx-%lx rw", &start, &end) == 2;
        if (found) *heap = (struct heap){(char *)start, (char *)end};
    }
    if (maps) fclose(maps);
    return found;
}

static bool is_word(const struct heap *heap, const char *text, const char *word) {
    size_t length = strlen(word);
    return text >= heap->start && text < heap->end && length < (size_t)(heap->end - text) &&
           memcmp(text, word, length + 1) == 0;
}

static const char *next(const char *word) {
    return word + strlen(word) + 1;
}

static bool are_pointers(const struct heap *heap, char *const *at, const struct words *words) {
    for (const char *word = words->script; word < words->end; word = next(word), at++)
        if ((char *)(at + 1) > heap->end || !is_word(heap, *at, word)) return false;
    return true;
}

static bool are_strings(const struct heap *heap, const struct string *at, const struct words *words) {
    for (const char *word = words->script; word < words->end; word = next(word), at++)
        if ((const char *)(at + 1) > heap->end || at->size != strlen(word) || !is_word(heap, at->text, word))
            return false;
    return true;
}

static void empty_pointers(char *const *at, const struct words *words) {
    for (const char *word = next(words->script); word < words->end; word = next(word))
        explicit_bzero(*++at, strlen(word));
}

static void empty_strings(struct string *at, const struct words *words) {
    for (const char *word = next(words->script); word < words->end; word = next(word)) {
        explicit_bzero((++at)->text, strlen(word));
        at->size = 0;
    }
}

static const char *last_word(const char *line, size_t size) {
    const char *last = line;
    for (const char *word = line; word < line + size; word = next(word))
        last = word;
    return last;
}

void words_forget(const char *line, size_t size, size_t kept) {
    struct heap heap;
    struct words words = {last_word(line, kept), line + size};
    if (kept >= size || !find_heap(&heap)) return;
    for (char *at = heap.start; at < heap.end; at += sizeof(void *)) {
        void *place = at;
        if (are_pointers(&heap, place, &words)) empty_pointers(place, &words);
        if (are_strings(&heap, place, &words)) empty_strings(place, &words);
    }
}
