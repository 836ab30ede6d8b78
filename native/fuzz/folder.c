#include "folder.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "harness.h"

static char path[] = "/dev/shm/pfi-fuzz-XXXXXX", elsewhere[] = "/tmp/pfi-fuzz-XXXXXX";
static const char *made;
static int folder = -1;

static void remove_folder(void) {
    static const char *const names[] = {FUZZ_FILE, "copy", "copy.new", "ufuzz"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        unlinkat(folder, names[i], 0);
    rmdir(made);
}

int fuzz_folder(void) {
    if (folder >= 0) return folder;
    made = mkdtemp(path);
    if (!made) made = mkdtemp(elsewhere);
    fuzz_check(made && (folder = open(made, O_RDONLY | O_DIRECTORY | O_CLOEXEC)) >= 0,
               "a folder can be made");
    atexit(remove_folder);
    return folder;
}

void fuzz_write(const uint8_t *data, size_t size) {
    int fd = openat(fuzz_folder(), FUZZ_FILE, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    fuzz_check(fd >= 0 && write(fd, data, size) == (ssize_t)size, "the input can be written");
    close(fd);
}
