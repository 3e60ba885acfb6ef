using System.Collections;
using CareCoordination.Fhir.Json;

namespace CareCoordination.Fhir.R4;

/// <summary>
/// An element read by the names of its type. A view of something absent is no error: it does not exist, its values are
/// null and its lists empty, so that <c>task.Restriction.Period.End</c> needs no questions on the way.
/// </summary>
public interface IElementView<TSelf>
    where TSelf : struct, IElementView<TSelf>
{
    Element Element { get; }

    bool Exists { get; }

    /// <summary>The element as this view; the caller knows its type.</summary>
    static abstract TSelf From(Element element);
}

/// <summary>The views of a repeating element, in order. <c>foreach</c> walks them without allocation.</summary>
public readonly struct ElementViews<TView>(Element parent, string name) : IEnumerable<TView>
    where TView : struct, IElementView<TView>
{
    public Enumerator GetEnumerator() => new(parent.Children(name));

    IEnumerator<TView> IEnumerable<TView>.GetEnumerator() => GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    public struct Enumerator(ElementChildren children) : IEnumerator<TView>
    {
        private ElementChildren _children = children;

        public readonly TView Current => TView.From(_children.Current);

        readonly object IEnumerator.Current => Current;

        public bool MoveNext() => _children.MoveNext();

        public readonly void Reset() => throw new NotSupportedException("Ask for a new enumerator.");

        public readonly void Dispose() { }
    }
}
