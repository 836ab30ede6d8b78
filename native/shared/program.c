#include "program.h"

#include <elf.h>
#include <fcntl.h>
#include <limits.h>
#include <link.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* The kernel follows as many scripts whose interpreter is a script. */
#define SCRIPTS_MAX 5

/* The word behind #!, or null; as the kernel takes it: after blanks, up to a blank or the end of the line. */
static const char *interpreter_in(char *start, size_t size) {
    char *word = start + 2;
    if (size < 3 || start[0] != '#' || start[1] != '!') return NULL;
    start[size] = '\0';
    word += strspn(word, " \t");
    word[strcspn(word, " \t\n")] = '\0';
    return *word ? word : NULL;
}

/* No loader is named, so nothing can be preloaded. The headers stand at the beginning of every file that a
 * linker has made. */
static bool names_no_loader(const char *start, size_t size) {
    ElfW(Ehdr) file;
    ElfW(Phdr) part;
    if (size < sizeof file) return false;
    memcpy(&file, start, sizeof file);
    if (memcmp(file.e_ident, ELFMAG, SELFMAG) != 0 || file.e_phentsize != sizeof part) return false;
    for (size_t i = 0, at = file.e_phoff; i < file.e_phnum; i++, at += sizeof part) {
        if (at > size || size - at < sizeof part) return false;
        memcpy(&part, start + at, sizeof part);
        if (part.p_type == PT_INTERP) return false;
    }
    return true;
}

struct program_file program_at(const char *path, int (*open_file)(const char *path), bool *is_static) {
    static const struct program_file unknown = {0};
    char name[PATH_MAX], start[PATH_MAX];
    if (is_static) *is_static = false;
    for (int i = 0; i <= SCRIPTS_MAX; i++) {
        struct stat file;
        int fd = open_file(path);
        if (fd < 0) /* one that may only be executed is no script */
            return fstatat(AT_FDCWD, path, &file, 0) == 0 ? (struct program_file){file.st_dev, file.st_ino}
                                                          : unknown;
        ssize_t size = fstat(fd, &file) == 0 ? read(fd, start, sizeof start - 1) : -1;
        close(fd);
        if (size < 0) return unknown;
        const char *interpreter = interpreter_in(start, (size_t)size);
        if (!interpreter && is_static) *is_static = names_no_loader(start, (size_t)size);
        if (!interpreter) return (struct program_file){file.st_dev, file.st_ino};
        path = strcpy(name, interpreter);
    }
    return unknown;
}

struct program_file program_of_self(void) {
    struct stat file;
    if (fstatat(AT_FDCWD, "/proc/self/exe", &file, 0) != 0) return (struct program_file){0};
    return (struct program_file){file.st_dev, file.st_ino};
}

bool program_is(struct program_file one, struct program_file other) {
    return one.device == other.device && one.inode == other.inode;
}
