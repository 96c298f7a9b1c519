#include "faulty_disk.hpp"

#include <support/catch.hpp>

#include <algorithm>

namespace atrium::storage {
namespace {

sqlite3_vfs* real = nullptr;
sqlite3_vfs faulty{};

/// The file object of a write-ahead log. The real file object follows in the same block of memory, which SQLite aligns to 8
/// bytes.
struct log_file {
    sqlite3_file base;
    alignas(sqlite3_int64) char inner[1];

    static sqlite3_file* real_of(sqlite3_file* file) {
        return reinterpret_cast<sqlite3_file*>(reinterpret_cast<log_file*>(file)->inner);
    }
};

int close(sqlite3_file* file) {
    auto* inner = log_file::real_of(file);
    return inner->pMethods->xClose(inner);
}

int read(sqlite3_file* file, void* buffer, int size, sqlite3_int64 offset) {
    auto* inner = log_file::real_of(file);
    return inner->pMethods->xRead(inner, buffer, size, offset);
}

int write(sqlite3_file* file, const void* buffer, int size, sqlite3_int64 offset) {
    if (offset + size > faulty_disk::capacity)
        return faulty_disk::write_error;
    auto* inner = log_file::real_of(file);
    faulty_disk::log_size = std::max<std::int64_t>(faulty_disk::log_size, offset + size);
    return inner->pMethods->xWrite(inner, buffer, size, offset);
}

int truncate(sqlite3_file* file, sqlite3_int64 size) {
    auto* inner = log_file::real_of(file);
    return inner->pMethods->xTruncate(inner, size);
}

int sync(sqlite3_file* file, int flags) {
    if (const int result = faulty_disk::sync_result; result != SQLITE_OK)
        return result;
    auto* inner = log_file::real_of(file);
    return inner->pMethods->xSync(inner, flags);
}

int size(sqlite3_file* file, sqlite3_int64* size_out) {
    auto* inner = log_file::real_of(file);
    return inner->pMethods->xFileSize(inner, size_out);
}

int lock(sqlite3_file* file, int level) {
    auto* inner = log_file::real_of(file);
    return inner->pMethods->xLock(inner, level);
}

int unlock(sqlite3_file* file, int level) {
    auto* inner = log_file::real_of(file);
    return inner->pMethods->xUnlock(inner, level);
}

int is_reserved(sqlite3_file* file, int* reserved_out) {
    auto* inner = log_file::real_of(file);
    return inner->pMethods->xCheckReservedLock(inner, reserved_out);
}

int control(sqlite3_file* file, int operation, void* argument) {
    auto* inner = log_file::real_of(file);
    return inner->pMethods->xFileControl(inner, operation, argument);
}

int sector_size(sqlite3_file* file) {
    auto* inner = log_file::real_of(file);
    return inner->pMethods->xSectorSize(inner);
}

int characteristics(sqlite3_file* file) {
    auto* inner = log_file::real_of(file);
    return inner->pMethods->xDeviceCharacteristics(inner);
}

constexpr sqlite3_io_methods methods{1,       close,       read,    write,       truncate,        sync,    size,    lock,
                                     unlock,  is_reserved, control, sector_size, characteristics, nullptr, nullptr, nullptr,
                                     nullptr, nullptr,     nullptr};

/// Wraps only write-ahead logs. That is enough, because every commit is written to such a log. SQLite never maps a log or uses
/// it as shared memory, so `methods` needs only the functions of version 1.
int open(sqlite3_vfs*, sqlite3_filename name, sqlite3_file* file, int flags, int* flags_out) {
    if ((flags & SQLITE_OPEN_WAL) == 0)
        return real->xOpen(real, name, file, flags, flags_out);
    auto* inner = log_file::real_of(file);
    const int code = real->xOpen(real, name, inner, flags, flags_out);
    file->pMethods = inner->pMethods ? &methods : nullptr;
    return code;
}

} // namespace

faulty_disk::faulty_disk() {
    capacity = INT64_MAX;
    write_error = SQLITE_FULL;
    sync_result = SQLITE_OK;
    log_size = 0;
    real = sqlite3_vfs_find(nullptr);
    faulty = *real;
    faulty.zName = "faulty";
    faulty.pNext = nullptr;
    faulty.szOsFile += static_cast<int>(offsetof(log_file, inner));
    faulty.xOpen = &open;
    REQUIRE(sqlite3_vfs_register(&faulty, 1) == SQLITE_OK);
}

faulty_disk::~faulty_disk() {
    sqlite3_vfs_unregister(&faulty);
    sqlite3_vfs_register(real, 1);
}

} // namespace atrium::storage
