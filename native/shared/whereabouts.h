/* Which directory something is in, told apart by more than its inode. */
#ifndef PREFORK_WHEREABOUTS_H
#define PREFORK_WHEREABOUTS_H

#include <stdint.h>

/* Fills in device with mount, and inode: zeros where the directory cannot be looked at. A bind mount shows
 * the same inodes at other paths, and a root that is one shows nothing that is mounted below the original.
 * The mount is 0 before Linux 5.8. */
void find_whereabouts(const char *path, uint64_t whereabouts[2]);

uint64_t device_of(const uint64_t whereabouts[2]);
unsigned mount_of(const uint64_t whereabouts[2]);

#endif
