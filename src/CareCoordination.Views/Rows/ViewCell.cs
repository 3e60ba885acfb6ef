using System.Globalization;
using System.Text;

namespace CareCoordination.Views.Rows;

/// <summary>
/// One value of a row. It is a view of the resource's bytes where it can be, and holds only until <see cref="RowSink.Row"/> returns.
/// </summary>
public readonly struct ViewCell
{
    private readonly ReadOnlyMemory<byte> _utf8;
    private readonly ViewCell[]? _items;
    private readonly long _number;
    private readonly bool _exists;

    private ViewCell(ReadOnlyMemory<byte> utf8, long number, ViewCell[]? items)
    {
        _utf8 = utf8;
        _number = number;
        _items = items;
        _exists = true;
    }

    public bool IsNull => !_exists;

    /// <summary>The value of a Boolean column.</summary>
    public bool Boolean => _number != 0;

    /// <summary>The value of an Integer column.</summary>
    public long Integer => _number;

    /// <summary>The value as FHIR writes it, without quotes, in any column but a collection; JSON where the column is of JSON.</summary>
    public ReadOnlySpan<byte> Utf8 => _utf8.Span;

    /// <summary>The values of a collection column, in order. No value is an empty list; null only where there was no item to look at.</summary>
    public ReadOnlySpan<ViewCell> Items => _items;

    /// <summary><see cref="Utf8"/> as a string; null where the cell is null.</summary>
    public string? Text => _exists ? Encoding.UTF8.GetString(_utf8.Span) : null;

    public static ViewCell OfText(ReadOnlyMemory<byte> utf8) => new(utf8, 0, null);

    public static ViewCell OfBoolean(bool value) => new(value ? True : False, value ? 1 : 0, null);

    internal static ViewCell OfInteger(long value, ReadOnlyMemory<byte> utf8) => new(utf8, value, null);

    public static ViewCell OfInteger(long value) =>
        new(Encoding.UTF8.GetBytes(value.ToString(CultureInfo.InvariantCulture)), value, null);

    public static ViewCell OfItems(ViewCell[] items) => new(default, 0, items);

    private static readonly ReadOnlyMemory<byte> True = "true"u8.ToArray();
    private static readonly ReadOnlyMemory<byte> False = "false"u8.ToArray();
}
