using CareCoordination.Fhir.Canonicals;
using CareCoordination.Fhir.Json;
using CareCoordination.Fhir.Primitives;
using CareCoordination.Fhir.R4;
using CareCoordination.Workflow.Decisions;

namespace CareCoordination.Connectors.Payloads;

/// <summary>
/// A resource as it leaves: with the identifier by which a repeat is recognised, without our versions and our own extensions, and
/// with references that hold outside this server.
/// </summary>
internal sealed class OutgoingResource : ResourceEditor
{
    private OutgoingResource(ResourceDocument document)
        : base(document) { }

    private MetaEditor Meta => Open<MetaEditor>("meta");

    private ObjectListEditor<ExtensionEditor> Extension => OpenList<ExtensionEditor>("extension");

    private ObjectListEditor<IdentifierEditor> Identifier => OpenList<IdentifierEditor>("identifier");

    /// <param name="address">The text to put in the place of a reference; null to leave it.</param>
    /// <param name="id">The id the resource has where it goes; null: it is given there.</param>
    /// <param name="without">Elements that stay here.</param>
    /// <exception cref="ArgumentException">The snapshot is no JSON: stored resources are.</exception>
    public static byte[] Write(
        Snapshot snapshot,
        Uri ownBase,
        Func<string, string?> address,
        string? id = null,
        params ReadOnlySpan<string> without
    )
    {
        var resource = new OutgoingResource(ReferenceRewriter.Rewrite(Parse(snapshot), address));
        if (id is null)
            resource.Remove("id");
        else
            resource.Write("id", id);
        foreach (var name in without)
            resource.Remove(name);
        resource.Meta.VersionId = null;
        resource.Meta.LastUpdated = null;
        resource.Meta.Source = null;
        resource.Extension.RemoveAll(e => OwnCanonical.IsOwn(e.Url));
        if (OwnIdentifier.IsPossible(snapshot.Key.Type))
            resource.Identify(OwnIdentifier.Of(ownBase, snapshot.Key), snapshot.Key.Type);
        if (snapshot.Key.Type == ResourceTypes.Task)
            Say(resource.Open<CodeableConceptEditor>("statusReason"));
        if (snapshot.Key.Type == ResourceTypes.ServiceRequest)
        {
            foreach (var reason in resource.OpenList<CodeableConceptEditor>("reasonCode"))
                Say(reason);
        }

        return resource.ToUtf8Json();
    }

    /// <exception cref="ArgumentException">The snapshot is no JSON: stored resources are.</exception>
    public static ResourceDocument Parse(Snapshot snapshot) =>
        ResourceDocument.Parse(snapshot.Utf8Json).TryGet(out var document, out _)
            ? document
            : throw new ArgumentException($"{snapshot.Key} is no JSON.", nameof(snapshot));

    /// <summary>
    /// Task and ServiceRequest carry it as the placer's, which BSeR demands of one identifier and allows of one only.
    /// </summary>
    private void Identify(OwnIdentifier own, string type)
    {
        Identifier.RemoveAll(i => i.System == own.System);
        var identifier = new IdentifierEditor { System = own.System, Value = own.Value };
        if (type is ResourceTypes.Task or ResourceTypes.ServiceRequest && !Identifier.Any(IsPlacer))
            identifier.Type.Coding.Add(new() { System = IdentifierTypes, Code = "PLAC" });
        Identifier.Add(identifier);
    }

    private static bool IsPlacer(IdentifierEditor identifier) =>
        identifier.Type.Coding.Any(c => c is { System: IdentifierTypes, Code: "PLAC" });

    /// <summary>Gravity and BSeR demand the text of reasons; people wrote it or the code's display says it.</summary>
    private static void Say(CodeableConceptEditor concept)
    {
        if (concept.Text is null && concept.Coding is [var coding, ..])
            concept.Text = coding.Display ?? coding.Code;
    }

    private const string IdentifierTypes = "http://terminology.hl7.org/CodeSystem/v2-0203";
}
