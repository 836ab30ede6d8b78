#include "libc.h"

#include <elf.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#define PROGRAM_HEADERS_MAX 64

static bool is_elf64(const Elf64_Ehdr *header) {
    return memcmp(header->e_ident, ELFMAG, SELFMAG) == 0 && header->e_ident[EI_CLASS] == ELFCLASS64 &&
           header->e_phentsize == sizeof(Elf64_Phdr);
}

/* The loader's path stands where a program header says, so that the kernel finds it. */
static bool read_loader(int fd, char *loader, size_t room) {
    Elf64_Ehdr header;
    Elf64_Phdr parts[PROGRAM_HEADERS_MAX];
    if (pread(fd, &header, sizeof header, 0) != sizeof header || !is_elf64(&header)) return false;
    size_t count = header.e_phnum < PROGRAM_HEADERS_MAX ? header.e_phnum : PROGRAM_HEADERS_MAX;
    ssize_t size = (ssize_t)(count * sizeof *parts);
    if (pread(fd, parts, (size_t)size, (off_t)header.e_phoff) != size) return false;
    for (size_t i = 0; i < count; i++) {
        if (parts[i].p_type != PT_INTERP) continue;
        size_t length = parts[i].p_filesz < room ? parts[i].p_filesz : room - 1;
        ssize_t got = pread(fd, loader, length, (off_t)parts[i].p_offset);
        loader[got < 0 ? 0 : got] = '\0';
        return got > 0;
    }
    return false;
}

bool needs_musl(const char *program) {
    char loader[256];
    int fd = open(program, O_RDONLY | O_CLOEXEC);
    if (fd < 0) return false;
    bool musl = read_loader(fd, loader, sizeof loader) && strstr(loader, "/ld-musl-");
    close(fd);
    return musl;
}
