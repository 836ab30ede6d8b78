#include "title.h"

#include <errno.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <unistd.h>

#include "image.h"
#include "symbols.h"
#include "words.h"

/* Fields of /proc/PID/stat, proc(5). */
enum {
    START_CODE = 26,
    END_CODE,
    START_STACK,
    START_DATA = 45,
    END_DATA,
    START_BRK,
    ARG_START,
    ARG_END,
    ENV_START,
    ENV_END,
    FIELDS
};

/* libuv's process_title, in which process.title is kept: a part of the command line, and the room there. */
struct room {
    char *text;
    size_t length, size;
};

static struct {
    struct prctl_mm_map map; /* arg_start is 0 where nothing can be done */
    char *line;              /* the server's, as it was when the library was loaded */
    size_t length, size;     /* of its first word, and of the words up to the script */
    struct room *room;
    bool is_set; /* initialisation has set a title: it stays, as in a plain run */
} title;

static const char not_found[] = "where the title is kept was not found";

static bool read_map(struct prctl_mm_map *map) {
    char stat[2048];
    unsigned long long fields[FIELDS] = {0};
    FILE *file = fopen("/proc/self/stat", "re");
    size_t length = file ? fread(stat, 1, sizeof stat - 1, file) : 0;
    if (file) fclose(file);
    stat[length] = '\0';
    char *at = strrchr(stat, ')');
    if (!at) return false;
    at += 3; /* the state, a letter; from here on there are numbers only */
    for (int i = 4; i < FIELDS; i++)
        fields[i] = strtoull(at, &at, 10);
    *map = (struct prctl_mm_map){
        .start_code = fields[START_CODE],
        .end_code = fields[END_CODE],
        .start_data = fields[START_DATA],
        .end_data = fields[END_DATA],
        .start_brk = fields[START_BRK],
        .start_stack = fields[START_STACK],
        .arg_start = fields[ARG_START],
        .arg_end = fields[ARG_END],
        .env_start = fields[ENV_START],
        .env_end = fields[ENV_END],
        .exe_fd = (uint32_t)-1,
    };
    return fields[ENV_END] != 0;
}

/* A variable of libuv's that nothing exports: it lies among the variables of whatever libuv is a part of. */
static struct room *find_room(uintptr_t text, size_t size) {
    struct image image;
    if (!image_of(node.set_process_title, &image)) return NULL;
    for (uintptr_t at = image.data; at + sizeof(struct room) <= image.data_end; at += sizeof(uintptr_t)) {
        struct room *room = (struct room *)at;
        if ((uintptr_t)room->text == text && room->length < room->size && room->size <= size) return room;
    }
    return NULL;
}

static const char *next_word(const char *at, const char *end) {
    return at < end ? at + strlen(at) + 1 : end;
}

/* Where the call's own arguments begin; NULL where there is no script. */
static const char *find_arguments(const char *at, const char *end, size_t interpreter_arguments) {
    for (size_t i = 0; i < 1 + interpreter_arguments; i++)
        at = next_word(at, end);
    if (at < end && strcmp(at, "--") == 0) at = next_word(at, end);
    return at < end ? next_word(at, end) : NULL;
}

static bool change_map(struct prctl_mm_map *map) {
    map->brk = (uintptr_t)sbrk(0);
    return prctl(PR_SET_MM, PR_SET_MM_MAP, map, sizeof *map, 0) == 0;
}

void title_note(const char **environment, size_t *environment_size) {
    if (!read_map(&title.map)) return;
    *environment = (const char *)(uintptr_t)title.map.env_start;
    *environment_size = (size_t)(title.map.env_end - title.map.env_start);
    const char *start = (const char *)(uintptr_t)title.map.arg_start;
    size_t size = (size_t)(title.map.arg_end - title.map.arg_start);
    title.line = malloc(size);
    if (title.line) memcpy(title.line, start, size);
}

/* The first caller's arguments, which ps would show to everybody for as long as the server lives. Where
 * initialisation has set a title, that has taken their place. Where the kernel does not let the end be moved,
 * empty words are left. */
static void forget_arguments(size_t offset, size_t size) {
    char *start = (char *)(uintptr_t)title.map.arg_start;
    if (!title.is_set) {
        explicit_bzero(start + offset, size - offset);
        title.map.arg_end = title.map.arg_start + offset;
    }
    words_forget(title.line, size, offset);
    explicit_bzero(title.line + offset, size - offset);
}

const char *title_prepare(size_t interpreter_arguments) {
    static char reason[64];
    if (!title.line) return "/proc/self/stat cannot be read";
    uintptr_t start = title.map.arg_start;
    size_t size = (size_t)(title.map.arg_end - start);
    title.length = strlen(title.line);
    const char *arguments = find_arguments(title.line, title.line + size, interpreter_arguments);
    struct room *room = find_room(start, size);
    if (!arguments) return not_found;
    /* No word of a command line up to the script is empty. */
    bool was_set = title.length + 1 < size && !title.line[title.length + 1];
    title.is_set = was_set || memcmp((const char *)start, title.line, size) != 0;
    title.size = was_set ? size : (size_t)(arguments - title.line);
    if (!was_set) forget_arguments((size_t)(arguments - title.line), size);
    if (!room) return not_found;
    if (!change_map(&title.map)) {
        snprintf(reason, sizeof reason, "the kernel refuses it: %s", strerror(errno));
        return reason;
    }
    title.room = room;
    return NULL;
}

static size_t size_of(char *const *strings, size_t count) {
    return count ? (size_t)(strings[count - 1] - strings[0]) + strlen(strings[count - 1]) + 1 : 0;
}

/* As libuv sets a title: cut where there is no room, zeros behind it. */
static size_t write_title(char *line, size_t size) {
    size_t length = title.room->length < size ? title.room->length : size - 1;
    memset(line, 0, size);
    memcpy(line, title.room->text, length);
    return length;
}

/* The strings of a request lie one behind the other. */
static size_t write_words(char *line, const struct call *call, size_t arguments) {
    memcpy(line, title.line, title.size);
    if (arguments) memcpy(line + title.size, call->arguments[0], arguments);
    return title.length;
}

void title_show(const struct call *call) {
    if (!title.room) return;
    size_t variables = 0, arguments = size_of(call->arguments, call->argument_count);
    while (call->environment[variables])
        variables++;
    size_t size = title.size + arguments;
    char *line = malloc(size);
    if (!line) return;
    size_t length = title.is_set ? write_title(line, size) : write_words(line, call, arguments);
    struct prctl_mm_map map = title.map;
    map.arg_start = (uintptr_t)line;
    map.arg_end = map.arg_start + size;
    map.env_start = variables ? (uintptr_t)call->environment[0] : map.arg_end;
    map.env_end = map.env_start + size_of(call->environment, variables);
    if (change_map(&map)) *title.room = (struct room){line, length, size};
}
