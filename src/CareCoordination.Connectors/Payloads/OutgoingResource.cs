using CareCoordination.Fhir.Json;
using CareCoordination.Fhir.R4;
using CareCoordination.Workflow.Decisions;

namespace CareCoordination.Connectors.Payloads;

/// <summary>
/// A resource as it leaves: with the identifier by which a repeat is recognised, without our versions and our own extensions, and
/// with references that hold outside this server.
/// </summary>
internal sealed class OutgoingResource : ResourceEditor
{
    private const string OwnExtensions = "https://carecoordination.example/fhir/";

    private OutgoingResource(ResourceDocument document)
        : base(document) { }

    private MetaEditor Meta => Open<MetaEditor>("meta");

    private ObjectListEditor<ExtensionEditor> Extension => OpenList<ExtensionEditor>("extension");

    private ObjectListEditor<IdentifierEditor> Identifier => OpenList<IdentifierEditor>("identifier");

    /// <param name="address">The text to put in the place of a reference; null to leave it.</param>
    /// <param name="id">The id the resource has where it goes; null: it is given there.</param>
    /// <exception cref="ArgumentException">The snapshot is no JSON: stored resources are.</exception>
    public static byte[] Write(Snapshot snapshot, Uri ownBase, Func<string, string?> address, string? id = null)
    {
        if (!ResourceDocument.Parse(snapshot.Utf8Json).TryGet(out var document, out _))
            throw new ArgumentException($"{snapshot.Key} is no JSON.", nameof(snapshot));
        var type = R4.Schema[snapshot.Key.Type];
        var resource = new OutgoingResource(ReferenceRewriter.Rewrite(document, address));
        if (id is null)
            resource.Remove("id");
        else
            resource.Write("id", id);
        resource.Meta.VersionId = null;
        resource.Meta.LastUpdated = null;
        resource.Meta.Source = null;
        resource.Extension.RemoveAll(e => e.Url?.StartsWith(OwnExtensions, StringComparison.Ordinal) == true);
        if (OwnIdentifier.IsPossible(type))
        {
            var own = OwnIdentifier.Of(ownBase, snapshot.Key);
            resource.Identifier.RemoveAll(i => i.System == own.System);
            resource.Identifier.Add(new() { System = own.System, Value = own.Value });
        }

        return resource.ToUtf8Json();
    }
}
