using System.Text;

namespace CareCoordination.Connectors.Mllp;

/// <summary>
/// Writes HL7 v2 in pipe notation: fields by <c>|</c>, components by <c>^</c>, repetitions by <c>~</c>. What is written is text and is
/// escaped. https://www.hl7.eu/HL7v2x/v251/std251/ch02.html#Heading36
/// </summary>
internal sealed class Hl7Writer
{
    /// <summary>Separates subcomponents in a text. No text holds it otherwise: FHIR allows no control characters but white space.</summary>
    public const char Sub = '\u001F';

    private readonly StringBuilder _text = new(1024);
    private int _segment;

    /// <summary>MSH-1 and MSH-2 name the separators.</summary>
    public Hl7Writer Header()
    {
        _text.Append("MSH|^~\\&");
        return this;
    }

    public Hl7Writer Segment(string name)
    {
        End();
        _text.Append(name);
        return this;
    }

    /// <summary>The next field, of one component.</summary>
    public Hl7Writer Field(string? text)
    {
        _text.Append('|');
        Escape(text);
        return this;
    }

    /// <summary>The next field, of components; those at its end that are empty are left out.</summary>
    public Hl7Writer Field(params ReadOnlySpan<string?> components)
    {
        _text.Append('|');
        Components(components);
        return this;
    }

    /// <summary>Another repetition of the field before.</summary>
    public Hl7Writer Again(params ReadOnlySpan<string?> components)
    {
        _text.Append('~');
        Components(components);
        return this;
    }

    /// <summary>Fields that stay empty.</summary>
    public Hl7Writer Skip(int fields)
    {
        _text.Append('|', fields);
        return this;
    }

    public byte[] ToUtf8()
    {
        End();
        return Encoding.UTF8.GetBytes(_text.ToString());
    }

    private void End()
    {
        while (_text.Length > _segment && _text[^1] == '|')
            _text.Length--;
        if (_text.Length > _segment)
            _text.Append('\r');
        _segment = _text.Length;
    }

    private void Components(ReadOnlySpan<string?> components)
    {
        while (components.Length > 0 && string.IsNullOrEmpty(components[^1]))
            components = components[..^1];
        for (var i = 0; i < components.Length; i++)
        {
            if (i > 0)
                _text.Append('^');
            Escape(components[i]);
        }
    }

    private void Escape(string? text)
    {
        foreach (var c in text ?? "")
        {
            _ = c switch
            {
                '|' => _text.Append("\\F\\"),
                '^' => _text.Append("\\S\\"),
                '&' => _text.Append("\\T\\"),
                '~' => _text.Append("\\R\\"),
                '\\' => _text.Append("\\E\\"),
                Sub => _text.Append('&'),
                '\n' => _text.Append("\\.br\\"),
                // A carriage return ends a segment, and 0x0B and 0x1C a frame: no text brings them in.
                < ' ' => _text,
                _ => _text.Append(c),
            };
        }
    }
}
