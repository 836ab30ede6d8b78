#include "base.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "inherited.h"
#include "items.h"
#include "say.h"
#include "variables.h"

extern char **environ;

static void add_system(struct items *items) {
    struct utsname system;
    if (uname(&system) != 0) {
        snprintf(items->problem, sizeof items->problem, "cannot ask for the system's name: %s",
                 strerror(errno));
        return;
    }
    add_text(items, "sysname", system.sysname);
    add_text(items, "nodename", system.nodename);
    add_text(items, "release", system.release);
    add_text(items, "machine", system.machine);
    add_directory(items, "root", "/");
}

static void add_interpreter(struct items *items, const struct call *call) {
    const struct stat *file = &call->interpreter.file;
    uint64_t identity[] = {file->st_dev, file->st_ino, (uint64_t)file->st_mtim.tv_sec,
                           (uint64_t)file->st_mtim.tv_nsec, (uint64_t)file->st_size};
    add_text(items, "interpreter", call->options.interpreter);
    add_item(items, "interpreter file", identity, sizeof identity);
    for (size_t i = 0; i < call->options.interpreter_argument_count; i++)
        add_text(items, "interpreter argument", call->options.interpreter_arguments[i]);
}

/* Takes out "./" and "//", which name the same file; ".." stays, as it may lead over a link. */
static void tidy_path(char *path) {
    char *to = path;
    for (const char *from = path; *from; from++) {
        if (from[0] == '/' && (from[1] == '/' || (from[1] == '.' && (from[2] == '/' || !from[2])))) {
            if (from[1] == '.') from++;
            continue;
        }
        *to++ = *from;
    }
    *to = '\0';
}

static void add_script(struct items *items, const char *script) {
    char path[2 * PATH_MAX] = "";
    if (!script) return;
    if (script[0] != '/' && !getcwd(path, PATH_MAX))
        path[0] = '\0'; /* a deleted directory: its inode is in */
    size_t length = strlen(path);
    snprintf(path + length, sizeof path - length, "/%s",
             script); /* longer than a path can be: cut, and not found */
    tidy_path(path);
    add_text(items, "script", path);
    char *slash = strrchr(path, '/');
    if (!slash) return;
    *slash = '\0';
    add_directory(items, "script directory", *path ? path : "/");
}

/* Puts a text in its place among those before it: there are few. */
static void insert_sorted(const char **sorted, size_t count, const char *text) {
    for (; count > 0 && strcmp(sorted[count - 1], text) > 0; count--)
        sorted[count] = sorted[count - 1];
    sorted[count] = text;
}

static void add_environment(struct items *items) {
    size_t room = 0, count = 0;
    while (environ[room])
        room++;
    const char **covered = calloc(room + 1, sizeof *covered);
    if (!covered) die("cannot sort the environment: no memory");
    for (char **variable = environ; *variable; variable++)
        if (is_fixed(*variable)) insert_sorted(covered, count++, *variable);
    for (size_t i = 0; i < count; i++)
        add_variable(items, "environment", covered[i]);
    free(covered);
}

/* -E covers a variable's value or its absence. */
static void add_options(struct items *items, const struct call *call) {
    if (call->options.any_directory) add_text(items, "-C", "");
    for (size_t i = 0; i < call->options.ident_option_count; i++) {
        const struct ident_option *option = &call->options.ident_options[i];
        const char *value = option->letter == 'E' ? getenv(option->text) : NULL;
        add_text(items, option->letter == 'E' ? "-E" : "-G", option->text);
        if (value) add_item(items, "-E value", value, strlen(value));
    }
}

/* For those whose initialisation nobody observes. */
static void add_surroundings(struct items *items, const struct call *call) {
    if (!call->options.any_directory) add_directory(items, "cwd", "");
    add_environment(items);
    add_number(items, "stdout is a terminal", call->standard[1].terminal);
    add_number(items, "stderr is a terminal", call->standard[2].terminal);
}

const char *hash_base(const struct call *call, uint8_t digest[SHA256_SIZE], struct parts *parts) {
    static struct items items;
    items = (struct items){.parts = parts};
    sha256_start(&items.hash);
    add_text(&items, "extension", PFI_EXTENSION);
    add_system(&items);
    add_interpreter(&items, call);
    add_script(&items, call->options.script);
    add_inherited(&items, call);
    if (!call->interpreter.node) add_surroundings(&items, call);
    add_options(&items, call);
    sha256_finish(&items.hash, digest);
    return *items.problem ? items.problem : NULL;
}
