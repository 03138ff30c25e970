package app

import "punto/app/desk"

// AttachFile adds a file to a case: at most 25 MB.
type AttachFile struct {
	Case    desk.ID
	Name    string
	Content []byte
}

// FileContent is a file of a case.
type FileContent struct {
	Case desk.ID
	Hash string // 64 hexadecimal digits
}

// FileContentAnswer answers FileContent.
type FileContentAnswer struct {
	Name    string
	Content []byte
}

var _ = crosses(AttachFile{}, FileContent{})

func (AttachFile) command()        {}
func (FileContent) answer() Answer { return FileContentAnswer{} }
