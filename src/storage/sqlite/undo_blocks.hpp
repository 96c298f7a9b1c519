#pragma once

namespace atrium::storage::sqlite {

/// Makes SQLite take the blocks of its undo logs from blocks that each thread keeps at hand. Has no effect once SQLite has been
/// used in the process.
void keep_undo_blocks() noexcept;

} // namespace atrium::storage::sqlite
