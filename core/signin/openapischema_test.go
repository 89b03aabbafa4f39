package signin_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
)

// schema is as much of JSON Schema as openapi.json uses. Whatever else stands there is refused.
type schema struct {
	Ref                  string            `json:"$ref"`
	Description          string            `json:"description"`
	Type                 types             `json:"type"`
	Properties           map[string]schema `json:"properties"`
	Required             []string          `json:"required"`
	AdditionalProperties *bool             `json:"additionalProperties"`
	Items                *schema           `json:"items"`
	Enum                 []string          `json:"enum"`
	OneOf                []schema          `json:"oneOf"`
}

// types is one type, or several.
type types []string

func (t *types) UnmarshalJSON(data []byte) error {
	var one string
	if json.Unmarshal(data, &one) == nil {
		*t = types{one}
		return nil
	}
	return json.Unmarshal(data, (*[]string)(t))
}

func (s *schema) UnmarshalJSON(data []byte) error {
	type plain schema
	d := json.NewDecoder(strings.NewReader(string(data)))
	d.DisallowUnknownFields()
	return d.Decode((*plain)(s))
}

// valid checks a document against a schema.
func (api *openAPI) valid(s schema, data []byte) error {
	var value any
	if err := json.Unmarshal(data, &value); err != nil {
		return err
	}
	if err := api.fits(s, value); err != nil {
		return fmt.Errorf("%w, in %s", err, data)
	}
	return nil
}

func (api *openAPI) fits(s schema, value any) error {
	if name, ok := strings.CutPrefix(s.Ref, "#/components/schemas/"); ok {
		found, known := api.Components.Schemas[name]
		if !known {
			return fmt.Errorf("no schema %s", name)
		}
		return api.fits(found, value)
	}
	if len(s.OneOf) > 0 {
		return api.fitsOne(s.OneOf, value)
	}
	if len(s.Type) > 0 && !slices.ContainsFunc(s.Type, func(name string) bool { return isOfType(name, value) }) {
		return fmt.Errorf("%v is none of %v", value, s.Type)
	}
	switch value := value.(type) {
	case string:
		if len(s.Enum) > 0 && !slices.Contains(s.Enum, value) {
			return fmt.Errorf("%q is none of %q", value, s.Enum)
		}
	case []any:
		for _, item := range value {
			if s.Items == nil {
				return errors.New("a list of what nobody says")
			}
			if err := api.fits(*s.Items, item); err != nil {
				return err
			}
		}
	case map[string]any:
		return api.fitsObject(s, value)
	}
	return nil
}

// fitsOne takes exactly one of several.
func (api *openAPI) fitsOne(of []schema, value any) error {
	var refused []error
	for _, s := range of {
		if err := api.fits(s, value); err != nil {
			refused = append(refused, err)
		}
	}
	if len(of)-len(refused) != 1 {
		return fmt.Errorf("%d of %d schemas fit: %w", len(of)-len(refused), len(of), errors.Join(refused...))
	}
	return nil
}

func (api *openAPI) fitsObject(s schema, value map[string]any) error {
	for _, name := range s.Required {
		if _, ok := value[name]; !ok {
			return fmt.Errorf("%s is missing", name)
		}
	}
	for name, field := range value {
		property, known := s.Properties[name]
		switch {
		case known:
			if err := api.fits(property, field); err != nil {
				return fmt.Errorf("%s: %w", name, err)
			}
		case s.AdditionalProperties != nil && !*s.AdditionalProperties:
			return fmt.Errorf("%s is not described", name)
		}
	}
	return nil
}

func isOfType(name string, value any) bool {
	switch value := value.(type) {
	case nil:
		return name == "null"
	case bool:
		return name == "boolean"
	case float64:
		return name == "number" || name == "integer" && value == float64(int64(value))
	case string:
		return name == "string"
	case []any:
		return name == "array"
	}
	return name == "object"
}

// The walk refuses what a validator has to refuse.
func TestSchemasRefuse(t *testing.T) {
	api := theAPI()
	for schemaName, rows := range map[string][]string{
		"Problem":      {`{}`, `[]`, `null`, `{"type":"t","title":"t","status":"400","code":"c","detail":"d"}`, `{"type":"t","title":"t","status":4.5,"code":"c","detail":"d"}`, `{"type":"t","title":"t","status":400,"code":"c","detail":"d","more":1}`},
		"Answer":       {`{}`, `{"user_authenticated":true}`, `{"user_authenticated":true,"next":"/","member_id":"m"}`},
		"Factors":      {`{"methods":["carrier pigeon"],"sent":true,"enrols":true}`, `{"methods":null,"sent":true,"enrols":true}`},
		"MemberAnswer": {`{"member_authenticated":true,"mfa_required":false,"primary_required":[1],"next":"/"}`},
	} {
		for _, row := range rows {
			if api.valid(schema{Ref: "#/components/schemas/" + schemaName}, []byte(row)) == nil {
				t.Errorf("%s takes %s", schemaName, row)
			}
		}
	}
	if json.Unmarshal([]byte(`{"type":"string","pattern":"^x$"}`), new(schema)) == nil {
		t.Error("a keyword that nobody checks is taken")
	}
}
