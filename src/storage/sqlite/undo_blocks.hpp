#pragma once

namespace atrium::storage::sqlite {

/// Makes SQLite reuse the blocks of memory in which it stores the undo data of savepoints: each thread keeps a list of its free
/// blocks, which is faster than the heap. Has no effect once SQLite has been used in the process.
void keep_undo_blocks() noexcept;

} // namespace atrium::storage::sqlite
