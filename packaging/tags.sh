# The build tags, for make and the scripts beside this one. On Linux the window is
# drawn by OpenGL ES, which Mesa has with and without a GPU: its binding compiles
# in half a minute, the one of desktop OpenGL in four.
tags=migrated_fynedo
if [ "$(uname -s)" = Linux ]; then tags="$tags gles"; fi
