#pragma once

namespace atrium::storage::sqlite {

/// Makes SQLite allocate the blocks of its undo logs from a list of free blocks that each thread has. Has no effect once SQLite
/// has been used in the process.
void keep_undo_blocks() noexcept;

} // namespace atrium::storage::sqlite
