# Writes the manual page and the completions of PROGRAM into FOLDER.
function(write_text file)
  execute_process(COMMAND ${PROGRAM} ${ARGN} OUTPUT_VARIABLE text COMMAND_ERROR_IS_FATAL ANY)
  file(WRITE ${FOLDER}/${file} "${text}")
endfunction()

write_text(atrium.1 manual)
execute_process(COMMAND gzip -9 --no-name --stdout ${FOLDER}/atrium.1
  OUTPUT_FILE ${FOLDER}/atrium.1.gz COMMAND_ERROR_IS_FATAL ANY)
write_text(atrium.bash completion bash)
write_text(_atrium completion zsh)
write_text(atrium.fish completion fish)
