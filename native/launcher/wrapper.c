/*
 * Yarn puts a script named node into a new temporary folder each time that it runs something, and that folder
 * into PATH: "#!/bin/sh", then exec "/usr/bin/node" "$@". As the interpreter's file is part of the ident,
 * each call would start a server of its own. So such a script is as good as the program that it names. One
 * that does anything more is not: a version manager's looks at the directory, the environment and files.
 */
#include "wrapper.h"

#include <limits.h>
#include <string.h>

#include "small_file.h"

#define WRAPPER_MAX (PATH_MAX + 64)

static const char *skip(const char *text, const char *word) {
    size_t length = strlen(word);
    return text && !strncmp(text, word, length) ? text + length : NULL;
}

static const char *skip_all(const char *text, const char *letters) {
    return text ? text + strspn(text, letters) : NULL;
}

/* Between double quotes a shell leaves all but these as it is. */
static bool take_quoted(const char **text, char *program, size_t room) {
    if (!*text) return false;
    size_t length = strcspn(*text, "\"$`\\\n");
    if (!length || length >= room || (*text)[0] != '/') return false;
    memcpy(program, *text, length);
    program[length] = '\0';
    *text = skip(*text + length, "\"");
    return true;
}

bool read_wrapper(const char *path, const struct stat *file, char *program, size_t room) {
    char content[WRAPPER_MAX + 1];
    if (file->st_size > WRAPPER_MAX) return false;
    size_t length = read_small(path, content, sizeof content);
    if ((off_t)length != file->st_size || strlen(content) != length) return false;
    const char *text = skip(skip_all(skip(content, "#!/bin/sh\n"), "\n"), "exec \"");
    if (!take_quoted(&text, program, room)) return false;
    text = skip_all(skip(skip_all(text, " "), "\"$@\""), "\n");
    return text && !*text;
}
