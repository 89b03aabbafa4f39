package signin

// session answers with the state that a page needs, as stytchkit.Authenticator.AnswerState says.
func (v *visit) session() {
	d := v.guard.Check(v.r.Context(), v.request())
	in := d.Inside(v.w, v.r)
	v.w, v.r = in.Writer, in.Request
	defer in.Leave(v.r)
	if d.Denial != nil { // an optional guard denies only what contradicts itself
		d.Denial.SetHeader(v.w.Header())
		d.Denial.SetContent(v.w.Header())
		v.write(d.Denial.Status, d.Denial.Body)
		return
	}
	answer := v.auth.AnswerState(v.r.Context(), v.request())
	answer.SetHeader(v.w.Header())
	v.write(answer.Status, answer.Body)
}
