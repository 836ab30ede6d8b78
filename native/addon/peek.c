#include "peek.h"

#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <sys/uio.h>
#include <unistd.h>

/* Sandboxes forbid process_vm_readv (Docker's did for long), even of oneself. This is slower. */
static bool read_file(const void *from, void *to, size_t size) {
    int memory = open("/proc/self/mem", O_RDONLY | O_CLOEXEC);
    if (memory < 0) return false;
    ssize_t n = pread(memory, to, size, (off_t)(uintptr_t)from);
    close(memory);
    return n == (ssize_t)size;
}

bool peek(const void *from, void *to, size_t size) {
    static bool denied;
    struct iovec local = {to, size}, remote = {(void *)(uintptr_t)from, size};
    if (!denied) {
        if (process_vm_readv(getpid(), &local, 1, &remote, 1, 0) == (ssize_t)size) return true;
        denied = errno == EPERM || errno == ENOSYS;
    }
    return denied && read_file(from, to, size);
}

bool peek_works(void) {
    static const uint32_t word = 0x600d;
    uint32_t copy = 0;
    return peek(&word, &copy, sizeof word) && copy == word;
}
