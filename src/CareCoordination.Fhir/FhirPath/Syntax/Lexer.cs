using System.Globalization;
using System.Text;

namespace CareCoordination.Fhir.FhirPath.Syntax;

internal enum TokenKind
{
    End,
    Word,

    /// <summary>A name in backticks: never a keyword.</summary>
    DelimitedName,
    String,
    Number,

    /// <summary><c>@...</c>: a date, dateTime or time.</summary>
    Temporal,

    /// <summary><c>$this</c>, without the dollar.</summary>
    Variable,

    /// <summary><c>%name</c>, without the percent sign.</summary>
    Constant,
    Symbol,
}

/// <param name="Text">The content, unescaped and without delimiters.</param>
internal readonly record struct Token(TokenKind Kind, string Text, int Position)
{
    public override string ToString() => Kind == TokenKind.End ? "the end" : $"'{Text}'";
}

/// <summary>Splits FHIRPath into tokens. http://hl7.org/fhirpath/N1/#lexical-elements</summary>
internal ref struct Lexer(ReadOnlySpan<char> text)
{
    private readonly ReadOnlySpan<char> _text = text;
    private int _position;

    /// <summary>Far beyond any expression: a client may send one as large as a body may be.</summary>
    private const int LongestText = 64 * 1024;

    public static List<Token> Read(string text)
    {
        if (text.Length > LongestText)
            throw new FhirPathSyntaxException(LongestText, $"an expression is at most {LongestText} characters long");
        var tokens = new List<Token>(text.Length / 4);
        var lexer = new Lexer(text);
        do
        {
            tokens.Add(lexer.Next());
        } while (tokens[^1].Kind != TokenKind.End);
        return tokens;
    }

    private readonly char Current => At(0);

    private readonly char At(int offset) => _position + offset < _text.Length ? _text[_position + offset] : '\0';

    private Token Next()
    {
        SkipBlanksAndComments();
        var start = _position;
        if (start >= _text.Length)
            return new(TokenKind.End, "", start);
        switch (Current)
        {
            case '\'':
                return new(TokenKind.String, Quoted('\''), start);
            case '`':
                return Quoted('`') is { Length: > 0 } name
                    ? new(TokenKind.DelimitedName, name, start)
                    : throw new FhirPathSyntaxException(start, "a name has at least one character");
            case '@':
                return new(TokenKind.Temporal, Temporal(), start);
            case '$':
                _position++;
                return new(TokenKind.Variable, Word(), start);
            case '%':
                _position++;
                return new(TokenKind.Constant, Current is '\'' or '`' or '"' ? Quoted(Current) : Word(), start);
            case var c when IsWordStart(c):
                return new(TokenKind.Word, Word(), start);
            case var c when char.IsAsciiDigit(c):
                return new(TokenKind.Number, Number(), start);
            default:
                return new(TokenKind.Symbol, Symbol(), start);
        }
    }

    // WS: [ \r\n\t]+ ; COMMENT: '/*' .*? '*/' ; LINE_COMMENT: '//' ~[\r\n]*
    private void SkipBlanksAndComments()
    {
        while (_position < _text.Length)
        {
            if (char.IsWhiteSpace(Current))
            {
                _position++;
            }
            else if (Current == '/' && At(1) == '/')
            {
                var end = _text[_position..].IndexOfAny('\r', '\n');
                _position = end < 0 ? _text.Length : _position + end;
            }
            else if (Current == '/' && At(1) == '*')
            {
                var end = _text[(_position + 2)..].IndexOf("*/");
                if (end < 0)
                    throw new FhirPathSyntaxException(_position, "the comment that starts here is not closed with */");
                _position += end + 4;
            }
            else
            {
                return;
            }
        }
    }

    // IDENTIFIER: ([A-Za-z] | '_')([A-Za-z0-9] | '_')*
    private string Word()
    {
        var start = _position;
        while (IsWordStart(Current) || char.IsAsciiDigit(Current))
            _position++;
        if (_position == start)
            throw new FhirPathSyntaxException(start, "a name is expected");
        return _text[start.._position].ToString();
    }

    private static bool IsWordStart(char c) => char.IsAsciiLetter(c) || c == '_';

    // NUMBER: [0-9]+('.' [0-9]+)?
    private string Number()
    {
        var start = _position;
        SkipDigits();
        if (Current == '.' && char.IsAsciiDigit(At(1)))
        {
            _position++;
            SkipDigits();
        }

        return _text[start.._position].ToString();
    }

    private void SkipDigits()
    {
        while (char.IsAsciiDigit(Current))
            _position++;
    }

    // DATE: '@' DATEFORMAT ; DATETIME: '@' DATEFORMAT 'T' (TIMEFORMAT TIMEZONEOFFSETFORMAT?)? ; TIME: '@' 'T' TIMEFORMAT
    private string Temporal()
    {
        var start = ++_position;
        while (char.IsAsciiDigit(Current) || (Current == '-' && char.IsAsciiDigit(At(1))))
            _position++;
        if (Current == 'T')
        {
            _position++;
            while (char.IsAsciiDigit(Current) || (Current is ':' or '.' && char.IsAsciiDigit(At(1))))
                _position++;
            if (Current == 'Z')
                _position++;
            else if (Current is '+' or '-' && char.IsAsciiDigit(At(1)) && char.IsAsciiDigit(At(2)) && At(3) == ':')
                _position += Math.Min(6, _text.Length - _position);
        }

        return _text[start.._position].ToString();
    }

    // ESC: '\\' ([`'\\/fnrt] | 'u' HEX HEX HEX HEX)
    private string Quoted(char delimiter)
    {
        var start = _position++;
        var builder = new StringBuilder();
        while (_position < _text.Length)
        {
            var c = _text[_position++];
            if (c == delimiter)
                return builder.ToString();
            builder.Append(c == '\\' ? Escape() : c);
        }

        throw new FhirPathSyntaxException(start, $"the text that starts here is not closed with {delimiter}");
    }

    private char Escape()
    {
        var start = _position - 1;
        var c = Current;
        _position++;
        switch (c)
        {
            case '\\' or '/' or '\'' or '`' or '"':
                return c;
            case 'f':
                return '\f';
            case 'n':
                return '\n';
            case 'r':
                return '\r';
            case 't':
                return '\t';
            case 'u'
                when _position + 4 <= _text.Length
                    && ushort.TryParse(
                        _text.Slice(_position, 4),
                        NumberStyles.AllowHexSpecifier,
                        CultureInfo.InvariantCulture,
                        out var code
                    ):
                _position += 4;
                return (char)code;
            default:
                throw new FhirPathSyntaxException(
                    start,
                    "the escape is none of \\' \\` \\\" \\\\ \\/ \\f \\n \\r \\t \\uXXXX"
                );
        }
    }

    private string Symbol()
    {
        var two = _position + 2 <= _text.Length ? _text.Slice(_position, 2) : default;
        if (two is "<=" or ">=" or "!=" or "!~")
        {
            _position += 2;
            return two.ToString();
        }

        if ("()[]{}.,+-*/&|<>=~".Contains(Current, StringComparison.Ordinal))
            return _text[_position++].ToString();
        throw new FhirPathSyntaxException(_position, "this character is no part of FHIRPath");
    }
}
