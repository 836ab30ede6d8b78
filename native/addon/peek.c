#include "peek.h"

#include <stdint.h>
#include <sys/uio.h>
#include <unistd.h>

bool peek(const void *from, void *to, size_t size) {
    struct iovec local = {to, size}, remote = {(void *)(uintptr_t)from, size};
    return process_vm_readv(getpid(), &local, 1, &remote, 1, 0) == (ssize_t)size;
}
