#include "whereabouts.h"

#include <fcntl.h>
#include <stddef.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#define MASK_INODE 0x100u
#define MASK_MOUNT 0x1000u
/* A number of a device has 32 bits in the kernel, and so has that of a mount. */
#define MOUNT_SHIFT 32

/* The kernel's struct statx: that of musl ends before the mount. */
struct kernel_statx {
    uint32_t mask, block_size;
    uint64_t attributes;
    uint32_t links, uid, gid, mode;
    uint64_t inode, size, blocks, attributes_mask;
    uint64_t times[8];
    uint32_t special_major, special_minor, device_major, device_minor;
    uint64_t mount;
    uint64_t rest[13];
};
_Static_assert(offsetof(struct kernel_statx, mount) == 144 && sizeof(struct kernel_statx) == 256,
               "as the kernel lays it out");

/* "" is the current directory, which "." does not lead to where it may not be searched. */
void find_whereabouts(const char *path, uint64_t whereabouts[2]) {
    struct kernel_statx found = {0};
    struct stat file;
    whereabouts[0] = whereabouts[1] = 0;
    if (syscall(SYS_statx, AT_FDCWD, path, AT_EMPTY_PATH, MASK_INODE | MASK_MOUNT, &found) == 0) {
        whereabouts[0] = makedev(found.device_major, found.device_minor);
        whereabouts[1] = found.inode;
        if (found.mask & MASK_MOUNT) whereabouts[0] |= found.mount << MOUNT_SHIFT;
    } else if (fstatat(AT_FDCWD, path, &file, AT_EMPTY_PATH) == 0) { /* a sandbox without statx */
        whereabouts[0] = file.st_dev;
        whereabouts[1] = file.st_ino;
    }
}

uint64_t device_of(const uint64_t whereabouts[2]) {
    return (uint32_t)whereabouts[0];
}

unsigned mount_of(const uint64_t whereabouts[2]) {
    return (unsigned)(whereabouts[0] >> MOUNT_SHIFT);
}
